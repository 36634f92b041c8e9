package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/igv1/instagram"
)

// missing is what could not be had in this run. It stops nothing, and the next
// run asks for it again.
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

// unless notes a file as missing if the error is about that file alone. Any other
// error is returned: it ends the run.
func (m *missing) unless(ctx context.Context, file string, err error) error {
	if err == nil || ctx.Err() != nil || !aboutOne(err) {
		return err
	}
	m.add(file, err)
	return nil
}

// aboutOne tells an answer that refuses one file or list from a server that
// cannot be reached, a token that has ended, and a disk that is full.
func aboutOne(err error) bool {
	if _, ok := errors.AsType[*unavailable](err); ok {
		return true
	}
	answer, ok := errors.AsType[*instagram.Error](err)
	return ok && answer.StatusCode != 0 && !errors.Is(err, instagram.ErrUnauthorized)
}

// write saves what is missing, or takes the file away if nothing is.
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

// maxMissing is how many files are told one by one.
const maxMissing = 10

func (m *missing) print(p *progress) {
	if len(m.files) == 0 {
		return
	}
	for _, entry := range m.files[:min(maxMissing, len(m.files))] {
		p.note("missing: %s: %s", entry.File, entry.Why)
	}
	p.note("%s missing, see %s; the next run asks again", count(len(m.files), "file"), missingFile)
}
