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

// Cursor is where to go on: the place behind the last page that was saved.
func (c *Claim) Cursor() instagram.Cursor { return c.cursor }

// Pages is how many pages were saved, those of former owners among them.
func (c *Claim) Pages() int { return c.count }

// Newest is the id of the newest media that earlier harvests found, or empty.
func (c *Claim) Newest() string { return c.newest }

// Known reports whether an earlier harvest found a media.
func (c *Claim) Known(id string) bool { _, ok := c.known[id]; return ok }

// Add saves a page and the place behind it. When it returns, both are on disk.
func (c *Claim) Add(media []*instagram.MediaEntry, next instagram.Cursor) error {
	p := page{Next: next, Media: make([]json.RawMessage, len(media))}
	for i, m := range media {
		line, err := json.Marshal(m)
		if err != nil {
			return err
		}
		p.Media[i] = line
	}
	line, err := json.Marshal(p)
	if err != nil {
		return err
	}
	c.step("add")
	if _, err := c.pages.Write(append(line, '\n')); err != nil {
		return err
	}
	if err := c.pages.Sync(); err != nil {
		return err
	}
	c.cursor = next
	c.count++
	return c.Check()
}

// Check returns [ErrSuperseded] if somebody else has taken the list over. The answer may be old
// when it arrives; nothing rests on it.
func (c *Claim) Check() error {
	_, err := os.Stat(c.dir)
	return superseded(err)
}

// Finish puts what was read in its place, before what earlier harvests found. It returns how many
// media are new. When it returns, all is on disk.
func (c *Claim) Finish() (added int, err error) {
	defer c.Release()
	if added, err = c.publish(); err != nil {
		return 0, err
	}
	c.step("clean up")
	if err := removeAll(c.dir); err != nil {
		return added, err
	}
	_ = os.Remove(c.base) // it stays if there is another owner
	return added, nil
}

// Release lets go of the list. What was saved stays, for the next owner.
func (c *Claim) Release() {
	if c.pages != nil {
		c.pages.Close()
	}
}

func (c *Claim) publish() (added int, err error) {
	final := c.archive.File(c.list)
	shard := filepath.Dir(final)
	if err := os.MkdirAll(shard, 0o755); err != nil {
		return 0, err
	}
	c.step("write")
	temp := filepath.Join(c.dir, "final.jsonl")
	out, err := os.Create(temp)
	if err != nil {
		return 0, superseded(err)
	}
	added, err = c.write(out)
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return 0, superseded(err)
	}
	if added == 0 && c.newest != "" {
		return 0, superseded(os.Remove(temp)) // the file is there, and good
	}
	// The rename is what makes it count, and works for the owner alone.
	c.step("rename")
	if err := os.Rename(temp, final); err != nil {
		return 0, superseded(err)
	}
	c.step("sync")
	return added, errors.Join(syncDir(shard), syncDir(filepath.Dir(shard)))
}

// write writes what is new, and then what was there.
func (c *Claim) write(w io.Writer) (added int, err error) {
	out := bufio.NewWriterSize(w, 64<<10)
	pages, err := os.Open(filepath.Join(c.dir, pagesFile))
	if err != nil {
		return 0, err
	}
	defer pages.Close()
	seen := map[string]struct{}{}
	for line, err := range lines(pages) {
		if err != nil {
			return 0, err
		}
		var p page
		if err := json.Unmarshal(line, &p); err != nil {
			return 0, fmt.Errorf("%s: %w", pages.Name(), err)
		}
		for _, media := range p.Media {
			id, err := mediaID(media)
			if err != nil {
				return 0, err
			}
			if _, ok := seen[id]; ok || c.Known(id) {
				continue
			}
			seen[id] = struct{}{}
			if _, err := out.Write(append(media, '\n')); err != nil {
				return 0, err
			}
		}
	}
	if len(seen) == 0 {
		return 0, out.Flush()
	}
	before, err := os.Open(c.archive.File(c.list))
	if err == nil {
		defer before.Close()
		if _, err := io.Copy(out, before); err != nil {
			return 0, err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	return len(seen), out.Flush()
}
