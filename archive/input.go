package archive

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A File is a file of an archive: in a folder, in a zip, or one that was named.
type File struct {
	// Name is its path. In a zip it is the path of the zip, a slash, and the path inside.
	Name string
	Size int64 // bytes; of the text, where it is in a zip

	open   func() (io.ReadCloser, error)
	stored int64     // bytes on disk
	zip    *zipBound // of the zip that it is in, or nil
	number uint32    // among the texts
}

// Open opens the file for reading.
func (f *File) Open() (io.ReadCloser, error) { return f.open() }

// openText opens the file for a pass, in which a zip may not grow without end.
func (f *File) openText() (io.ReadCloser, error) {
	r, err := f.open()
	if err == nil && f.zip != nil {
		r = &boundedZip{ReadCloser: r, bound: f.zip, file: f}
	}
	return r, err
}

// Base returns the last element of the name.
func (f *File) Base() string { return path.Base(f.Name) }

// A source is the files of an archive, as they were found when it was opened.
type source struct {
	texts   []*File            // those that may hold entries, in order
	byName  map[string]*File   // all files
	byStem  map[string][]*File // all files; see stemOf
	count   int                // all files
	skipped []skippedFile
	closers []io.Closer
	owners  func() owners // the users that the exports are of
	zips    []*zipBound

	mu     sync.Mutex
	closed bool
}

type skippedFile struct{ name, reason string }

// maxFiles bounds the files of an archive.
const maxFiles = 20 << 20

func (s *source) add(f *File) error {
	if s.count++; s.count > maxFiles {
		return fmt.Errorf("archive: over %d files", maxFiles)
	}
	if base := f.Base(); strings.HasPrefix(base, ".") && strings.HasSuffix(base, ".partial") {
		s.skip(f.Name, "a file that was not written to its end")
		return nil
	}
	stem := stemOf(f.Name)
	s.byStem[stem] = append(s.byStem[stem], f)
	if s.byName[f.Name] == nil {
		s.byName[f.Name] = f
	}
	if !isPicture(f.Name) {
		f.number = uint32(len(s.texts))
		s.texts = append(s.texts, f)
	}
	return nil
}

// stemOf returns the last two elements of a path, without what follows the dot of the last.
func stemOf(name string) string {
	dir, base := path.Split(name)
	if i := strings.IndexByte(base, '.'); i > 0 {
		base = base[:i]
	}
	return path.Join(path.Base(dir), base)
}

// pictures are the extensions of files that are not looked into.
var pictures = []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".heif", ".avif", ".mp4", ".m4v", ".mov",
	".mp3", ".m4a", ".aac", ".srt", ".ico", ".svg", ".css", ".woff", ".woff2"}

func isPicture(name string) bool {
	return slices.Contains(pictures, strings.ToLower(path.Ext(name)))
}

// Open finds the files that the paths lead to: a path is a file, a folder with all that is below
// it, a .zip, or - for standard input. Links in folders are not followed. Zips in folders are
// opened too. The archive is to be closed.
func Open(paths ...string) (*Archive, error) {
	if len(paths) == 0 {
		return nil, errors.New("archive: no path was given; - is standard input")
	}
	s := newSource()
	for _, name := range paths {
		if err := s.openPath(name); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return newArchive(s), nil
}

// OpenFS is Open with all files of a file system.
func OpenFS(fsys fs.FS) (*Archive, error) {
	s := newSource()
	if err := s.walk(fsys, ".", "", nil); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return newArchive(s), nil
}

func newSource() *source {
	s := &source{byName: map[string]*File{}, byStem: map[string][]*File{}}
	s.owners = sync.OnceValue(s.findOwners)
	return s
}

// Close closes the zips. It waits for nothing: all walks are to be over.
func (s *source) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	var errs []error
	for _, c := range s.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

func (s *source) openPath(name string) error {
	if name == "-" {
		return s.stream("-", os.Stdin)
	}
	info, err := os.Stat(name) // of what a link leads to: it was named
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	clean := filepath.ToSlash(filepath.Clean(name))
	switch {
	case info.IsDir():
		return s.walk(os.DirFS(name), ".", clean, func(inside string) (*os.File, error) {
			return os.Open(filepath.Join(name, filepath.FromSlash(inside)))
		})
	case !info.Mode().IsRegular():
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("archive: %w", err)
		}
		defer file.Close()
		return s.stream(clean, file)
	}
	return s.openFile(clean, info.Size(), func() (*os.File, error) { return os.Open(name) })
}

// openFile adds a file of the disk, or what is in it if it is a zip.
func (s *source) openFile(name string, size int64, open func() (*os.File, error)) error {
	if isPicture(name) {
		return s.add(&File{Name: name, Size: size, stored: size, open: func() (io.ReadCloser, error) { return open() }})
	}
	file, err := open()
	if err != nil {
		return s.addBroken(name, err)
	}
	var magic [4]byte
	n, _ := io.ReadFull(file, magic[:])
	if !isZip(magic[:n]) {
		file.Close()
		return s.add(&File{Name: name, Size: size, stored: size, open: func() (io.ReadCloser, error) { return open() }})
	}
	if err := s.openZip(name, file, size); err != nil {
		file.Close()
		return s.addBroken(name, err)
	}
	s.closers = append(s.closers, file)
	return nil
}

// walk adds the files below root. Those of the disk are opened by disk.
func (s *source) walk(fsys fs.FS, root, prefix string, disk func(string) (*os.File, error)) error {
	return fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
		full := path.Join(prefix, name)
		switch {
		case err != nil && name == root:
			return fmt.Errorf("archive: %w", err)
		case err != nil:
			return s.addBroken(full, err)
		case entry.IsDir():
			return nil
		case entry.Type()&fs.ModeSymlink != 0:
			s.skip(full, "a link: name what it leads to")
			return nil
		case !entry.Type().IsRegular():
			s.skip(full, "not a file")
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return s.addBroken(full, err)
		}
		if disk == nil {
			open := func() (io.ReadCloser, error) { return fsys.Open(name) }
			return s.add(&File{Name: full, Size: info.Size(), stored: info.Size(), open: open})
		}
		return s.openFile(full, info.Size(), func() (*os.File, error) { return disk(name) })
	})
}

// addBroken adds a file that cannot be opened: every walk tells of it.
func (s *source) addBroken(name string, err error) error {
	return s.add(&File{Name: name, open: func() (io.ReadCloser, error) { return nil, err }})
}

func (s *source) skip(name, reason string) {
	s.skipped = append(s.skipped, skippedFile{name, reason})
}

// reasonOf is an error without the path, which stands beside it.
func reasonOf(err error) string {
	if failure, ok := errors.AsType[*fs.PathError](err); ok {
		return failure.Err.Error()
	}
	return err.Error()
}

// stream keeps what can be read only once in a file that nobody else sees.
func (s *source) stream(name string, r io.Reader) error {
	file, err := os.CreateTemp("", "archive-*")
	if err != nil {
		return fmt.Errorf("archive: %s: %w", name, err)
	}
	_ = os.Remove(file.Name()) // where that is not possible yet, Close does it
	s.closers = append(s.closers, removed{file})
	size, err := io.Copy(file, r)
	if err != nil {
		return fmt.Errorf("archive: %s: %w", name, err)
	}
	head := make([]byte, 4)
	if n, _ := file.ReadAt(head, 0); isZip(head[:n]) {
		return s.openZip(name, file, size)
	}
	return s.add(&File{Name: name, Size: size, stored: size, open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(file, 0, size)), nil
	}})
}

// removed is a file that is not to stay.
type removed struct{ *os.File }

func (r removed) Close() error {
	err := r.File.Close()
	_ = os.Remove(r.Name()) // it is gone already wherever that was possible
	return err
}

func isZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

var errEncrypted = errors.New("it is encrypted: unpack the zip first")

// openZip adds the files of a zip.
func (s *source) openZip(name string, r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return fmt.Errorf("a broken zip, such as a download that was cut off: %w", err)
	}
	bound := &zipBound{left: max(minBound, maxRatio*size)}
	s.zips = append(s.zips, bound)
	for _, entry := range z.File {
		inside := strings.ReplaceAll(entry.Name, `\`, "/") // as old tools of Windows write it
		full := name + "/" + inside
		switch {
		case entry.FileInfo().IsDir(), strings.HasSuffix(inside, "/"):
			continue
		case !filepath.IsLocal(filepath.FromSlash(inside)):
			s.skip(full, "its name leads out of the zip")
			continue
		case !entry.Mode().IsRegular():
			s.skip(full, "a link: name what it leads to")
			continue
		}
		open := entry.Open
		if entry.Flags&1 != 0 {
			open = func() (io.ReadCloser, error) { return nil, errEncrypted }
		}
		err := s.add(&File{Name: full, Size: int64(entry.UncompressedSize64), stored: int64(entry.CompressedSize64), open: open, zip: bound})
		if err != nil {
			return err
		}
	}
	return nil
}
