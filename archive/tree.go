package archive

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// A tree is files in memory, but for what is in them: that is in one file on disk, or in the files
// of the archive.
type tree struct {
	text  *os.File
	nodes map[string]*node
}

// A node is a file or a folder of a tree.
type node struct {
	name     string // its last element
	offset   int64
	size     int64
	picture  *File
	children []*node // of a folder
	folder   bool
}

func newTree(text *os.File) *tree {
	return &tree{text: text, nodes: map[string]*node{".": {name: ".", folder: true}}}
}

// add adds a file, and the folders that it is in. Of two with a name the first stays.
func (t *tree) add(name string, n node) {
	if t.nodes[name] != nil {
		return
	}
	n.name = path.Base(name)
	if n.picture != nil {
		n.size = n.picture.Size
	}
	child := &n
	for t.nodes[name] == nil {
		t.nodes[name] = child
		dir := path.Dir(name)
		parent := t.nodes[dir]
		if parent != nil {
			parent.children = append(parent.children, child)
			return
		}
		parent = &node{name: path.Base(dir), folder: true, children: []*node{child}}
		name, child = dir, parent
	}
}

func (t *tree) Open(name string) (fs.File, error) {
	n := t.nodes[name]
	if !fs.ValidPath(name) || n == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	switch {
	case n.folder:
		return &openFolder{node: n}, nil
	case n.picture != nil:
		r, err := n.picture.Open()
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		return &openPicture{openNode{n}, r}, nil
	default:
		return &openText{openNode{n}, io.NewSectionReader(t.text, n.offset, n.size)}, nil
	}
}

func (t *tree) ReadFile(name string) ([]byte, error) {
	f, err := t.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(f)
	return b.Bytes(), err
}

// A node tells about itself.
func (n *node) Name() string               { return n.name }
func (n *node) Size() int64                { return n.size }
func (n *node) IsDir() bool                { return n.folder }
func (n *node) ModTime() time.Time         { return time.Time{} }
func (n *node) Sys() any                   { return nil }
func (n *node) Type() fs.FileMode          { return n.Mode().Type() }
func (n *node) Info() (fs.FileInfo, error) { return n, nil }
func (n *node) Mode() fs.FileMode {
	if n.folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

type openNode struct{ *node }

func (o openNode) Stat() (fs.FileInfo, error) { return o.node, nil }

type openText struct {
	openNode
	*io.SectionReader
}

func (o *openText) Size() int64  { return o.node.size }
func (o *openText) Close() error { return nil }

type openPicture struct {
	openNode
	io.ReadCloser
}

type openFolder struct {
	*node
	at int
}

func (o *openFolder) Stat() (fs.FileInfo, error) { return o.node, nil }
func (o *openFolder) Close() error               { return nil }
func (o *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: o.name, Err: fs.ErrInvalid}
}

func (o *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	children := slices.SortedFunc(slices.Values(o.children), func(a, b *node) int { return strings.Compare(a.name, b.name) })
	rest := children[min(o.at, len(children)):]
	if n > 0 {
		if len(rest) == 0 {
			return nil, io.EOF
		}
		rest = rest[:min(n, len(rest))]
	}
	o.at += len(rest)
	list := make([]fs.DirEntry, len(rest))
	for i, child := range rest {
		list[i] = child
	}
	return list, nil
}
