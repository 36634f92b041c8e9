// Package record keeps answers in a directory, a file each, named so that they sort in the order in
// which they came and say what they are.
package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/igv1/instagram/internal/lazy"
)

// A Dir is a directory of answers. It is safe for concurrent use, by several processes too.
type Dir struct {
	dir     string
	started string
	last    atomic.Int64
}

// New returns the directory of that name, which need not be there yet. What is in it stays.
func New(dir string) *Dir {
	return &Dir{dir: dir, started: time.Now().UTC().Format("20060102T150405Z")}
}

// maxName bounds what a name says of the path, in bytes.
const maxName = 150

// notInNames matches what is not in names of files on every system.
var notInNames = lazy.Regexp{Text: `[^A-Za-z0-9_.~-]+`}

// Write keeps an answer to a request for a path. Its file ends in .json, or in .txt if it is none.
// Only the user who runs the program may read it.
func (d *Dir) Write(method, path string, body []byte) error {
	what := strings.ReplaceAll(strings.Trim(path, "/"), "/", "-")
	if method != "GET" {
		what = strings.ToLower(method) + "-" + what
	}
	what = notInNames.Get().ReplaceAllString(what, "_")
	extension := ".txt"
	if json.Valid(body) {
		extension = ".json"
	}
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	for {
		name := fmt.Sprintf("%s-%06d-%s%s", d.started, d.last.Add(1), what[max(0, len(what)-maxName):], extension)
		err := create(filepath.Join(d.dir, name), body)
		if !errors.Is(err, fs.ErrExist) { // where another process started in this second
			return err
		}
	}
}

// create writes a file that is not there yet, whole or not at all.
func create(name string, body []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(body)
	if err = errors.Join(err, file.Close()); err != nil {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}
