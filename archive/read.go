package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// A pass is one reading of an archive.
type pass struct {
	number int
	wanted kindSet
	files  []kindSet // what is in each file, if it is known: those without anything wanted are left out
}

// An outcome is an entry, or why there is none.
type outcome struct {
	entry  *Entry
	err    *Error
	failed bool // the error is the recorded answer to a call that failed
}

// A batch is what came out of a part of a file, in its order.
type batch struct {
	file     *File
	outcomes []outcome
	skipped  map[reason]int
	noText   bool // the file holds no text
}

// A reason is why something was not read, and the format that it was in.
type reason struct {
	format Format
	text   string
}

// A task is a chunk of a file that is to be read.
type task struct {
	file  *File
	chunk *chunk
	batch *batch
	done  chan struct{}
}

// A reader reads the files of one pass.
type reader struct {
	*Archive
	pass
	work   chan *task
	merged chan *task // of an unordered pass
	bytes  atomic.Int64
	total  int64
}

func (r *reader) includes(f *File) bool {
	p := &r.pass
	return r.options.includes(f) && (p.files == nil || p.files[f.number]&(p.wanted|hasErrors) != 0)
}

// read gives each batch to take, in order, until take says no. It returns the error of ctx.
func (a *Archive) read(ctx context.Context, p pass, take func(*batch) bool) error {
	inside, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	r := &reader{Archive: a, pass: p, work: make(chan *task, a.options.workers)}
	for _, z := range a.source.zips {
		z.used.Store(0)
	}
	for _, f := range a.source.texts {
		if r.includes(f) {
			r.total += f.stored
		}
	}
	for range a.options.workers {
		group.Go(func() { r.worker(inside) })
	}
	if a.options.unordered && p.number == 2 {
		r.merged = make(chan *task, a.options.workers)
		r.takeAny(inside, &group, take)
	} else {
		r.takeInOrder(inside, &group, take)
	}
	return ctx.Err()
}

// files starts reading the files, some at a time, each into a channel of tasks.
func (r *reader) files(ctx context.Context, group *sync.WaitGroup) <-chan chan *task {
	files := make(chan chan *task, r.options.workers)
	group.Go(func() {
		defer close(files)
		for _, f := range r.source.texts {
			if !r.includes(f) {
				continue
			}
			tasks := make(chan *task, 2*r.options.workers)
			select {
			case files <- tasks:
			case <-ctx.Done():
				return
			}
			group.Go(func() {
				defer close(tasks)
				r.file(ctx, f, tasks)
			})
		}
	})
	return files
}

func (r *reader) takeInOrder(ctx context.Context, group *sync.WaitGroup, take func(*batch) bool) {
	for tasks := range r.files(ctx, group) {
		for t := range tasks {
			select {
			case <-t.done:
			case <-ctx.Done():
				return
			}
			if r.tell(); !take(t.batch) || ctx.Err() != nil {
				return
			}
		}
	}
}

// takeAny takes batches as they are done.
func (r *reader) takeAny(ctx context.Context, group *sync.WaitGroup, take func(*batch) bool) {
	var open sync.WaitGroup
	slots := make(chan struct{}, r.options.workers+1)
	group.Go(func() {
		for tasks := range r.files(ctx, group) {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			open.Go(func() {
				for t := range tasks {
					select {
					case <-t.done:
					case <-ctx.Done():
						return
					}
					select {
					case r.merged <- t:
					case <-ctx.Done():
						return
					}
				}
				<-slots
			})
		}
		open.Wait()
		close(r.merged)
	})
	for {
		select {
		case t, more := <-r.merged:
			if !more {
				return
			}
			if r.tell(); !take(t.batch) {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

func (r *reader) tell() {
	if r.options.progress != nil {
		r.options.progress(Progress{Done: min(r.bytes.Load(), r.total), Total: r.total, Pass: r.number})
	}
}

// file splits a file into tasks. What is wrong with it as a whole comes last.
func (r *reader) file(ctx context.Context, f *File, tasks chan<- *task) {
	send := func(t *task) error {
		select {
		case tasks <- t:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := r.splitFile(f, func(c *chunk) error {
		t := &task{file: f, chunk: c, done: make(chan struct{})}
		if err := send(t); err != nil {
			return err
		}
		select {
		case r.work <- t:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	if err == nil || ctx.Err() != nil {
		return
	}
	t := &task{file: f, batch: failedFile(f, err), done: make(chan struct{})}
	close(t.done)
	_ = send(t) // nobody waits for it if the pass is over
}

func failedFile(f *File, err error) *batch {
	b := &batch{file: f}
	var notRead notReadError
	switch {
	case errors.As(err, &notRead) && notRead == errNoText:
		b.noText = true
	case errors.As(err, &notRead):
		b.skipped = map[reason]int{{text: notRead.Error()}: 1}
	default:
		if failure, ok := errors.AsType[fatalError](err); ok {
			err = failure.error
		}
		b.outcomes = []outcome{{err: &Error{Source: Source{File: f.Name}, Err: errors.New(reasonOf(err))}}}
	}
	return b
}

// splitFile splits the text of a file.
func (r *reader) splitFile(f *File, emit func(*chunk) error) error {
	file, err := f.openText()
	if err != nil {
		return err
	}
	defer file.Close()
	text, skipped, err := decoded(&metered{Reader: file, file: f, bytes: &r.bytes}, f.Name)
	if err != nil {
		return err
	}
	s := newSplitter(text, f.Size, emit)
	s.base = int64(skipped)
	return s.split()
}

// metered counts the bytes of a file as they are on disk.
type metered struct {
	io.Reader
	file  *File
	bytes *atomic.Int64
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	read := int64(n)
	if m.file.zip != nil && m.file.Size > 0 {
		read = int64(float64(n) * float64(m.file.stored) / float64(m.file.Size))
	}
	m.bytes.Add(read)
	return n, err
}

// worker reads chunks.
func (r *reader) worker(ctx context.Context) {
	for {
		select {
		case t := <-r.work:
			t.batch = r.chunk(t)
			t.chunk.release()
			close(t.done)
		case <-ctx.Done():
			return
		}
	}
}

// chunk reads the values of a chunk.
func (r *reader) chunk(t *task) *batch {
	c := &collector{reader: r, file: t.file, out: &batch{file: t.file}}
	for i := range t.chunk.values {
		v := &t.chunk.values[i]
		c.sub, c.offset = 0, v.offset
		if v.broken != nil {
			c.fail(fmt.Errorf("%w", v.broken))
			continue
		}
		c.value(v)
	}
	return c.out
}
