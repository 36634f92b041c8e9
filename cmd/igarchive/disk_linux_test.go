package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A full disk is a clear error, and leaves no half file.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small disk of its own cannot be mounted; run this test as root, in a container that may mount: %v", err)
	}
	defer func() { require.NoError(t, syscall.Unmount(dir, 0)) }()
	inputs := []string{recordings(t, 4000), export(t, 600)}
	for name, args := range outputs(dir) {
		t.Run(name, func(t *testing.T) {
			filler, err := os.Create(filepath.Join(dir, "filler"))
			require.NoError(t, err)
			_, _ = io.Copy(filler, io.LimitReader(zeros{}, 1000<<10))
			require.NoError(t, filler.Close())
			code, _, errs := call(t, append(args, inputs...)...)
			assert.Equal(t, failed, code)
			assert.Regexp(t, "no space left|disk is full", errs)
			files := contents(t, dir)
			delete(files, "filler")
			for file := range files {
				assert.True(t, strings.HasPrefix(file, "page/files/"), "%s is not whole", file)
				assert.NotContains(t, file, "index.html")
			}
			left, err := filepath.Glob(filepath.Join(dir, ".*.partial"))
			require.NoError(t, err)
			assert.Empty(t, left)
			require.NoError(t, os.RemoveAll(filepath.Join(dir, "page")))
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
