package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/igv1/instagram"
)

// missing lists the files that this run could not get. They do not stop the backup. The next run
// tries to get them again.
type missing struct {
	mu    sync.Mutex
	files []*missingEntry
}

// missingEntry is a line of the missing file.
type missingEntry struct {
	File string `json:"file"`
	Why  string `json:"why"`
}

func (m *missing) add(file string, why error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.files = append(m.files, &missingEntry{file, why.Error()})
}

// unless adds a file if the error is about that file alone. Any other error is returned, and ends
// the run.
func (m *missing) unless(ctx context.Context, file string, err error) error {
	if err == nil || ctx.Err() != nil || !aboutOne(err) {
		return err
	}
	m.add(file, err)
	return nil
}

// aboutOne reports whether an error is about one file or list. Errors of the whole backup are a
// server that cannot be reached, an invalid token, or a full disk.
func aboutOne(err error) bool {
	if _, ok := errors.AsType[*unavailable](err); ok {
		return true
	}
	answer, ok := errors.AsType[*instagram.Error](err)
	return ok && answer.StatusCode != 0 && !errors.Is(err, instagram.ErrUnauthorized)
}

// write saves the list, or removes its file if nothing is missing.
func (m *missing) write(s *store) error {
	slices.SortFunc(m.files, func(a, b *missingEntry) int { return cmp.Compare(a.File, b.File) })
	if len(m.files) > 0 {
		return writeLines(s, missingFile, m.files)
	}
	if !s.has(missingFile) {
		return nil
	}
	return s.root.Remove(missingFile)
}

// maxMissing is how many files are printed one by one.
const maxMissing = 10

func (m *missing) print(p *progress) {
	if len(m.files) == 0 {
		return
	}
	for _, entry := range m.files[:min(maxMissing, len(m.files))] {
		p.note("missing: %s: %s", entry.File, entry.Why)
	}
	p.note("%d missing, see %s; the next run asks again", len(m.files), missingFile)
}
