package main

import "syscall"

// mount makes a disk of 1 MiB.
func mount(dir string) error { return syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m") }
