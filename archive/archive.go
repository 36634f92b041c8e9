package archive

import (
	"context"
	"iter"
	"sync"

	"github.com/igv1/instagram"
)

// An Archive is files with recorded data in them. It may be read by several goroutines, and is
// closed when none reads it any more.
type Archive struct {
	source  *source
	options options

	mu     sync.Mutex
	index  *index
	report *Report // of the last pass that counted
}

func newArchive(s *source) *Archive { return &Archive{source: s, options: defaults()} }

// With returns an archive of the same files that is read with these options. It needs no closing of
// its own.
func (a *Archive) With(opts ...Option) *Archive {
	with := &Archive{source: a.source, options: a.options}
	for _, option := range opts {
		option(&with.options)
	}
	return with
}

// Close closes the files. Every loop is to be over.
func (a *Archive) Close() error { return a.source.Close() }

// Files returns how many files the archive has, pictures and all.
func (a *Archive) Files() int { return a.source.count }

// All yields the entries of every kind.
func (a *Archive) All(ctx context.Context) iter.Seq2[*Entry, error] { return a.walk(ctx, everyKind) }

// Of yields the entries of some kinds.
func (a *Archive) Of(ctx context.Context, kinds ...Kind) iter.Seq2[*Entry, error] {
	var wanted kindSet
	for _, k := range kinds {
		wanted |= setOf(k)
	}
	return a.walk(ctx, wanted)
}

// Media yields posts, and what else has a picture or a video: stories, reels and archived posts,
// whose kind is in the media_product_type of their Extra.
func (a *Archive) Media(ctx context.Context) iter.Seq2[Item[instagram.MediaEntry], error] {
	return items(a.walk(ctx, setOf(KindMedia)), func(e *Entry) *instagram.MediaEntry { return e.Media })
}

// Comments yields comments: those that were recorded as such, and those that stand in media.
func (a *Archive) Comments(ctx context.Context) iter.Seq2[Item[instagram.CommentEntry], error] {
	return items(a.walk(ctx, setOf(KindComment)), func(e *Entry) *instagram.CommentEntry { return e.Comment })
}

// Users yields profiles, and users that were found in a search. Those in other entries do not
// count.
func (a *Archive) Users(ctx context.Context) iter.Seq2[Item[instagram.UserInfo], error] {
	return items(a.walk(ctx, setOf(KindUser)), func(e *Entry) *instagram.UserInfo { return e.User })
}

// Followers yields who follows the Owner of the item.
func (a *Archive) Followers(ctx context.Context) iter.Seq2[Item[instagram.UserShortInfo], error] {
	return items(a.walk(ctx, setOf(KindFollower)), func(e *Entry) *instagram.UserShortInfo { return e.Follower })
}

// Follows yields whom the Owner of the item follows.
func (a *Archive) Follows(ctx context.Context) iter.Seq2[Item[instagram.UserShortInfo], error] {
	return items(a.walk(ctx, setOf(KindFollow)), func(e *Entry) *instagram.UserShortInfo { return e.Follow })
}

// Likes yields who liked what: lists of those who liked a media, the few that stand in media, and
// what the owner of an export liked.
func (a *Archive) Likes(ctx context.Context) iter.Seq2[Item[Like], error] {
	return items(a.walk(ctx, setOf(KindLike)), func(e *Entry) *Like { return e.Like })
}

// Report says what was read, of all files and kinds, and what was not and why. It is complete once
// a loop has begun to yield, or with [KeepDuplicates] once one has ended. Where there was none it
// reads the archive.
func (a *Archive) Report() *Report {
	a.mu.Lock()
	report := a.report
	a.mu.Unlock()
	if report == nil {
		for range a.walk(context.Background(), 0) { //nolint:errcheck // the loop is what counts, and the report has the errors
		}
		a.mu.Lock()
		report = a.report
		a.mu.Unlock()
	}
	return report
}

// items makes items of the entries of one kind.
func items[T any](entries iter.Seq2[*Entry, error], value func(*Entry) *T) iter.Seq2[Item[T], error] {
	return func(yield func(Item[T], error) bool) {
		for e, err := range entries {
			if err != nil {
				if !yield(Item[T]{Source: sourceOf(err)}, err) {
					return
				}
				continue
			}
			if !yield(Item[T]{Value: value(e), Source: e.Source, Files: e.Files, MediaID: e.MediaID, Owner: e.Owner}, nil) {
				return
			}
		}
	}
}

func sourceOf(err error) Source {
	if failure, ok := err.(*Error); ok { //nolint:errorlint // they are not wrapped here
		return failure.Source
	}
	return Source{}
}

// walk yields the entries of some kinds, less the duplicates.
func (a *Archive) walk(ctx context.Context, wanted kindSet) iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		if a.options.duplicates {
			a.yieldAll(ctx, wanted, yield)
			return
		}
		ix, err := a.indexed(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		if wanted == 0 {
			return
		}
		seen := newSeen(ix)
		stopped := false
		err = a.read(ctx, pass{number: 2, wanted: wanted, files: ix.files}, func(b *batch) bool {
			for _, o := range b.outcomes {
				if o.err == nil {
					if !seen.first(o.entry) {
						continue
					}
					o.entry.eachUser(ix.tell)
				}
				if !a.emit(o, wanted, yield) {
					stopped = true
					return false
				}
			}
			return true
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}

// yieldAll yields the entries of one pass, duplicates and all.
func (a *Archive) yieldAll(ctx context.Context, wanted kindSet, yield func(*Entry, error) bool) {
	counts := newReporter(a.source)
	stopped := false
	err := a.read(ctx, pass{number: 2, wanted: wanted}, func(b *batch) bool {
		counts.batch(b)
		for _, o := range b.outcomes {
			if o.err == nil && !o.entry.inside {
				counts.entry(o.entry, false)
			}
			if !a.emit(o, wanted, yield) {
				stopped = true
				return false
			}
		}
		return true
	})
	a.mu.Lock()
	a.report = counts.report()
	a.mu.Unlock()
	if err != nil && !stopped {
		yield(nil, err)
	}
}

// emit yields an entry that is wanted, or an error. It says whether to go on.
func (a *Archive) emit(o outcome, wanted kindSet, yield func(*Entry, error) bool) bool {
	if o.err != nil {
		return yield(nil, o.err) && !a.options.strict
	}
	if !wanted.has(o.entry.Kind) || !a.options.wants(o.entry) {
		return true
	}
	return yield(o.entry, nil)
}
