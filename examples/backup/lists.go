package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/igv1/instagram"
)

// A walk saves a list page by page. Each page is added to a file of lines in the unfinished folder.
// A second file, the mark, holds the size of the complete lines and the cursor of the next page.
// Both files stay until the whole backup is complete, so that a list is not read twice for one
// backup.
type walk struct {
	store *store
	name  string
	mark  mark
}

// mark is the state of a walk. Bytes of the lines file after Size do not count.
type mark struct {
	Size   int64
	Cursor instagram.Cursor
}

// openWalk returns the walk of a list in the state of its mark.
func openWalk(s *store, name string) (*walk, error) {
	w := &walk{store: s, name: name}
	text, err := s.root.ReadFile(w.markFile())
	if errors.Is(err, fs.ErrNotExist) {
		return w, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &w.mark); err != nil {
		return nil, fmt.Errorf("%s: %w", w.markFile(), err)
	}
	if info, err := s.root.Stat(w.linesFile()); err != nil || info.Size() < w.mark.Size {
		w.mark = mark{} // lines are lost: start again
	}
	return w, nil
}

func (w *walk) linesFile() string { return path.Join(unfinished, w.name) }
func (w *walk) markFile() string  { return path.Join(unfinished, w.name+".mark") }

func (w *walk) begun() bool { return w.mark.Cursor != "" }

// add saves a page and its cursor.
func add[T any](w *walk, page *instagram.Page[T]) (err error) {
	file, err := w.store.root.OpenFile(w.linesFile(), os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := file.Truncate(w.mark.Size); err != nil {
		return err
	}
	if _, err := file.Seek(w.mark.Size, io.SeekStart); err != nil {
		return err
	}
	if err := encodeLines(file, page.Items); err != nil {
		return err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	w.mark = mark{size, page.Cursor()}
	return w.store.write(w.markFile(), func(out io.Writer) error { return json.NewEncoder(out).Encode(w.mark) })
}

// endWalks removes the files of walks, so that the next run starts them again.
func endWalks(s *store, names ...string) error {
	for _, name := range names {
		w := walk{store: s, name: name}
		for _, file := range []string{w.markFile(), w.linesFile()} { // the mark first: lines without a mark are ignored
			if err := s.root.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// walkList reads a list to its end, from the place where the last run stopped, and returns the
// whole list.
func walkList[T any](ctx context.Context, b *backup, name string, pager *instagram.Pager[T]) ([]*T, error) {
	w, err := openWalk(b.store, name)
	if err != nil {
		return nil, err
	}
	word := "more"
	if !w.begun() && b.store.has(name) {
		word = "now"
	}
	read := 0
	for pager.From(w.mark.Cursor); ; {
		page, err := patiently(ctx, pager.Next)
		if err == io.EOF { //nolint:errorlint // Next returns it as it is
			break
		}
		if err != nil {
			return nil, err
		}
		if err := add(w, page); err != nil {
			return nil, err
		}
		read += len(page.Items)
		for _, err := range page.Skipped {
			b.missing.add(name, err)
		}
	}
	if read > 0 {
		b.progress.note("%s: %d %s", name, read, word)
	}
	return readLines[T](b.store, w.linesFile())
}

// latestMedia lists the media that the server has, each once, newest first.
func (b *backup) latestMedia(ctx context.Context) ([]*instagram.MediaEntry, error) {
	w, err := openWalk(b.store, mediaFile)
	if err != nil {
		return nil, err
	}
	media, err := walkList(ctx, b, mediaFile, b.client.Users.RecentMedia(b.user, &instagram.UserMediaOptions{Count: 33}))
	if err != nil || !w.begun() || len(media) == 0 {
		return uniqueMedia(media), err
	}
	// The walk began in an earlier run. Get the media that were posted since.
	var newer []*instagram.MediaEntry
	pager := b.client.Users.RecentMedia(b.user, &instagram.UserMediaOptions{MinID: media[0].ID})
	for {
		page, err := patiently(ctx, pager.Next)
		if err == io.EOF { //nolint:errorlint // Next returns it as it is
			return uniqueMedia(append(newer, media...)), nil
		}
		if err != nil {
			return nil, err
		}
		newer = append(newer, page.Items...)
	}
}

// merged returns the latest media and the saved ones, newest first. Media that the server no longer
// has stay in the backup.
func merged(latest, saved []*instagram.MediaEntry) []*instagram.MediaEntry {
	all := uniqueMedia(append(slices.Clone(latest), saved...))
	slices.SortStableFunc(all, func(a, b *instagram.MediaEntry) int { return b.CreatedTime.Compare(a.CreatedTime) })
	return all
}

func uniqueMedia(media []*instagram.MediaEntry) []*instagram.MediaEntry {
	return unique(media, func(m *instagram.MediaEntry) string { return m.ID })
}

// unique drops items with an id that was there before. Servers list an item twice if something was
// posted between two pages.
func unique[T any](items []*T, id func(*T) string) []*T {
	known := map[string]bool{}
	return slices.DeleteFunc(items, func(item *T) bool {
		again := known[id(item)]
		known[id(item)] = true
		return again
	})
}

func byID(media []*instagram.MediaEntry) map[string]*instagram.MediaEntry {
	all := make(map[string]*instagram.MediaEntry, len(media))
	for _, m := range media {
		all[m.ID] = m
	}
	return all
}
