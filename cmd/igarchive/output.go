package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// partial is what the file that is being written is called, until it is whole.
func partial(name string) string {
	return filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".partial")
}

// writeFile writes a file as a whole: it gets its name when it is done and on the disk. What an
// earlier run has left is taken over.
func writeFile(name string, write func(io.Writer) error) error {
	file, err := lockedFile(partial(name))
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	err = file.Truncate(0)
	if err == nil {
		err = write(buffered)
	}
	if err == nil {
		err = buffered.Flush()
	}
	return settle(file, name, err)
}

// settle closes a partial file and gives it its name, or removes it if something went wrong.
func settle(file *os.File, name string, err error) error {
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // the error that led here counts
	}
	return err
}

// lockedFile opens a partial file that no other run writes to.
func lockedFile(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := lock(file); err != nil {
		file.Close()
		return nil, fmt.Errorf("another igarchive is writing %s: wait for it, or give another -o", name)
	}
	return file, nil
}

// write writes to the file of -o, or to standard output.
func (j *job) write(write func(io.Writer) error) error {
	if j.out != "" && j.out != "-" {
		return writeFile(j.out, write)
	}
	out := bufio.NewWriterSize(j.stdout, 1<<16)
	if err := write(out); err != nil {
		return err
	}
	return out.Flush()
}
