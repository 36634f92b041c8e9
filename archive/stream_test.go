package archive

import (
	"io"
	"io/fs"
	"time"
)

// A repeated text is one that is read again and again.
type repeated struct {
	text      string
	times, at int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.times == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.text[r.at:])
	if r.at += n; r.at == len(r.text) {
		r.at = 0
		r.times--
	}
	return n, nil
}

// A streamFS has files at its top that can be read once.
type streamFS map[string]*repeated

func (s streamFS) Open(name string) (fs.File, error) {
	if name == "." {
		return streamDir{s: s}, nil
	}
	r, ok := s[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return streamFile{r, name}, nil
}

type streamFile struct {
	*repeated
	name string
}

func (f streamFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f streamFile) Close() error               { return nil }
func (f streamFile) Name() string               { return f.name }
func (f streamFile) Size() int64                { return int64(f.times) * int64(len(f.text)) }
func (f streamFile) Mode() fs.FileMode          { return 0 }
func (f streamFile) ModTime() time.Time         { return time.Time{} }
func (f streamFile) IsDir() bool                { return false }
func (f streamFile) Sys() any                   { return nil }

type streamDir struct {
	streamFile
	s streamFS
}

func (d streamDir) Stat() (fs.FileInfo, error) { return d, nil }
func (d streamDir) Read([]byte) (int, error)   { return 0, io.EOF }
func (d streamDir) Name() string               { return "." }
func (d streamDir) Size() int64                { return 0 }
func (d streamDir) IsDir() bool                { return true }
func (d streamDir) Mode() fs.FileMode          { return fs.ModeDir }
func (d streamDir) ReadDir(int) ([]fs.DirEntry, error) {
	var list []fs.DirEntry
	for name, r := range d.s {
		list = append(list, fs.FileInfoToDirEntry(streamFile{r, name}))
	}
	return list, nil
}

// pieces gives so many bytes at a time.
type pieces struct {
	text []byte
	size int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.text) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(len(b), p.size)], p.text)
	p.text = p.text[n:]
	return n, nil
}
