package archive

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/igv1/instagram"
)

// maxLine bounds a page, and a media, in bytes.
const maxLine = 64 << 20

// pagesFile has what was read so far, a page a line. A line that is not whole does not count.
const pagesFile = "pages.jsonl"

// A page is what one answer held.
type page struct {
	Next  instagram.Cursor  `json:"next"` // the place behind it
	Media []json.RawMessage `json:"media"`
}

// A Claim is a list in the hands of its owner.
type Claim struct {
	archive *Archive
	list    List
	epoch   Epoch
	base    string // the directory of all owners
	dir     string // the owner's own
	pages   *os.File

	cursor instagram.Cursor
	count  int // of pages
	known  map[string]struct{}
	newest string

	step func(string) // for tests: called before each step that a worker may stall at
}

// Claim takes a list over from whoever had it. It fails with [ErrSuperseded] if a later owner has
// it already.
func (a *Archive) Claim(list List, epoch Epoch) (*Claim, error) {
	return a.claim(list, epoch, func(string) {})
}

func (a *Archive) claim(list List, epoch Epoch, step func(string)) (*Claim, error) {
	base := filepath.Join(a.Meta(workDir), string(list.Kind)+"."+list.Key())
	c := &Claim{archive: a, list: list, epoch: epoch, base: base, dir: filepath.Join(base, epoch.String()), step: step}
	step("claim")
	if err := c.makeDir(); err != nil {
		return nil, err
	}
	if err := c.takeOver(); err != nil {
		c.Release()
		return nil, superseded(err)
	}
	if c.cursor != instagram.CursorEnd {
		return c, nil
	}
	// The last owner read all, and did not get to say so. There may be more by now.
	if _, err := c.publish(); err != nil {
		c.Release()
		return nil, err
	}
	if err := c.restart(); err != nil {
		c.Release()
		return nil, superseded(err)
	}
	return c, nil
}

// makeDir makes the owner's directory. The one above it may vanish meanwhile, with the former
// owner's work.
func (c *Claim) makeDir() error {
	for try := 1; ; try++ {
		if err := os.MkdirAll(c.base, 0o755); err != nil {
			return err
		}
		err := os.Mkdir(c.dir, 0o755)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%w (two owners with the epoch %v)", ErrSuperseded, c.epoch)
		}
		if !errors.Is(err, fs.ErrNotExist) || try == 100 {
			return err
		}
	}
}

// takeOver copies the pages that are there, and removes those who had them.
func (c *Claim) takeOver() error {
	c.step("look for others")
	others, err := os.ReadDir(c.base)
	if err != nil {
		return err
	}
	var former []string
	var best []byte
	for _, other := range others {
		epoch, ok := parseEpoch(other.Name())
		if !ok || epoch == c.epoch {
			continue
		}
		if c.epoch.before(epoch) {
			return ErrSuperseded
		}
		former = append(former, filepath.Join(c.base, other.Name()))
		text, cursor, count, err := readPages(filepath.Join(c.base, other.Name(), pagesFile))
		if err != nil {
			return err
		}
		if count > c.count {
			best, c.cursor, c.count = text, cursor, count
		}
	}
	c.step("copy")
	if err := c.create(best); err != nil {
		return err
	}
	for _, dir := range former {
		c.step("remove")
		if err := removeAll(dir); err != nil {
			return err
		}
	}
	// From here on nobody else changes the file.
	c.step("read")
	return c.readKnown()
}

// create makes the file of pages anew.
func (c *Claim) create(text []byte) error {
	file, err := os.OpenFile(filepath.Join(c.dir, pagesFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	c.pages = file
	if _, err := file.Write(text); err != nil {
		return err
	}
	return errors.Join(file.Sync(), syncDir(c.dir))
}

// restart begins to read a list that has just been published.
func (c *Claim) restart() error {
	if err := errors.Join(c.pages.Close(), os.Remove(c.pages.Name())); err != nil {
		return err
	}
	c.cursor, c.count = "", 0
	if err := c.create(nil); err != nil {
		return err
	}
	return c.readKnown()
}

// removeAll removes a directory while somebody may still make files in it.
func removeAll(dir string) (err error) {
	for range 100 {
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
	}
	return err
}

// readPages reads the pages that are whole.
func readPages(name string) (text []byte, cursor instagram.Cursor, count int, err error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", 0, nil
	}
	if err != nil {
		return nil, "", 0, err
	}
	defer file.Close()
	for line, err := range lines(file) {
		if err != nil {
			return nil, "", 0, fmt.Errorf("%s: %w", name, err)
		}
		var p page
		if line[len(line)-1] != '\n' || json.Unmarshal(line, &p) != nil {
			break
		}
		text = append(text, line...)
		cursor = p.Next
		count++
	}
	return text, cursor, count, nil
}

// readKnown reads the ids of what earlier harvests found.
func (c *Claim) readKnown() error {
	c.known, c.newest = map[string]struct{}{}, ""
	file, err := os.Open(c.archive.File(c.list))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	n := 0
	for line, err := range lines(file) {
		n++
		var id string
		if err == nil {
			id, err = mediaID(line)
		}
		if err != nil {
			return fmt.Errorf("%s: line %d: %w; move the file away to read the list anew", file.Name(), n, err)
		}
		if c.newest == "" {
			c.newest = id
		}
		c.known[id] = struct{}{}
	}
	return nil
}

// lines yields the lines of a file with their ends. They are valid until the next.
func lines(r io.Reader) func(yield func([]byte, error) bool) {
	return func(yield func([]byte, error) bool) {
		in := bufio.NewReaderSize(r, 64<<10)
		var line []byte
		for {
			part, err := in.ReadSlice('\n')
			line = append(line, part...)
			switch {
			case len(line) > maxLine:
				yield(nil, fmt.Errorf("a line of over %d bytes", maxLine))
				return
			case errors.Is(err, bufio.ErrBufferFull):
				continue
			case len(line) > 0 && !yield(line, nil):
				return
			case err == io.EOF:
				return
			case err != nil:
				yield(nil, err)
				return
			}
			line = line[:0]
		}
	}
}
