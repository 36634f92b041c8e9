package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http/httptrace"

	"golang.org/x/sync/errgroup"

	"github.com/igv1/instagram"
)

// The files of a backup. Besides these there is a file for each media in comments/ and likes/, and
// the pictures and videos in files/.
const (
	profileFile   = "profile.json"
	mediaFile     = "media.jsonl"
	followersFile = "followers.jsonl"
	followsFile   = "follows.jsonl"
	missingFile   = "missing.jsonl"
)

type backup struct {
	client   *instagram.Client
	baseURL  string
	store    *store
	user     string
	parallel int
	progress *progress

	fetch   *fetcher // set by save
	missing missing
}

// save brings the store up to date. If the last run was stopped, this one goes on there. If the
// last run was complete, this one gets all lists again, and fetches what has changed.
func (b *backup) save(ctx context.Context) error {
	user, err := b.askWho(ctx)
	if err != nil {
		return err
	}
	if err := b.store.claim(user); err != nil {
		return err
	}
	if err := b.saveProfile(ctx, user); err != nil {
		return err
	}
	if err := saveUsers(ctx, b, followersFile, b.client.Relationships.FollowedBy(b.user, nil)); err != nil {
		return err
	}
	if err := saveUsers(ctx, b, followsFile, b.client.Relationships.Follows(b.user, nil)); err != nil {
		return err
	}
	if err := b.saveMedia(ctx); err != nil {
		return err
	}
	if err := b.missing.write(b.store); err != nil {
		return err
	}
	b.missing.print(b.progress)
	return endWalks(b.store, followersFile, followsFile, mediaFile)
}

// askWho gets the profile. It also notes the address from which the API answers.
func (b *backup) askWho(ctx context.Context) (*instagram.UserInfo, error) {
	var at remoteAddress
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: at.got})
	user, err := patiently(ctx, func(ctx context.Context) (*instagram.UserInfo, error) {
		return b.client.Users.Get(ctx, b.user)
	})
	if err != nil {
		return nil, err
	}
	b.fetch, err = newFetcher(b.baseURL, at.get())
	return user, err
}

func (b *backup) saveProfile(ctx context.Context, user *instagram.UserInfo) error {
	before, err := readLines[instagram.UserInfo](b.store, profileFile)
	if err != nil {
		return err
	}
	if err := b.store.write(profileFile, func(w io.Writer) error { return json.NewEncoder(w).Encode(user) }); err != nil {
		return err
	}
	same := len(before) > 0 && before[0].ProfilePicture == user.ProfilePicture
	if user.ProfilePicture == "" || same && b.store.has(profilePicture) {
		return nil
	}
	return b.missing.unless(ctx, profilePicture, b.download(ctx, user.ProfilePicture, profilePicture))
}

// saveUsers gets a list of users, and replaces the saved one.
func saveUsers(ctx context.Context, b *backup, name string, pager *instagram.Pager[instagram.UserShortInfo]) error {
	users, err := walkList(ctx, b, name, pager)
	if err != nil {
		return b.missing.unless(ctx, name, err)
	}
	return writeLines(b.store, name, unique(users, func(u *instagram.UserShortInfo) string { return u.ID }))
}

// saveMedia gets the list of media, and the files and lists of each media.
func (b *backup) saveMedia(ctx context.Context) error {
	saved, err := readLines[instagram.MediaEntry](b.store, mediaFile)
	if err != nil {
		return err
	}
	latest, err := b.latestMedia(ctx)
	if err != nil {
		return err
	}
	all := merged(latest, saved)
	if len(saved) == 0 { // so that -from can make a page even if this run is stopped
		if err := writeLines(b.store, mediaFile, all); err != nil {
			return err
		}
	}
	if err := b.saveEach(ctx, latest, byID(saved)); err != nil {
		return err
	}
	return writeLines(b.store, mediaFile, all)
}

// saveEach gets the files and lists of each media, several media at a time.
func (b *backup) saveEach(ctx context.Context, media []*instagram.MediaEntry, saved map[string]*instagram.MediaEntry) error {
	defer b.progress.start(len(media))()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.parallel)
	for _, m := range media {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			defer b.progress.done()
			return b.saveOne(ctx, m, saved[m.ID])
		})
	}
	return group.Wait()
}

// saveOne gets the files and lists of a media. It gets a list again if its count is not the saved
// one.
func (b *backup) saveOne(ctx context.Context, m, before *instagram.MediaEntry) error {
	if err := b.saveFiles(ctx, m); err != nil {
		return err
	}
	changed := before != nil && before.Comments.Count != m.Comments.Count
	if err := saveShort(ctx, b, commentsFile(m), m.Comments.Count, changed, func(ctx context.Context) ([]*instagram.CommentEntry, error) {
		return b.client.Comments.List(ctx, m.ID)
	}); err != nil {
		return err
	}
	changed = before != nil && before.Likes.Count != m.Likes.Count
	return saveShort(ctx, b, likesFile(m), m.Likes.Count, changed, func(ctx context.Context) ([]*instagram.UserShortInfo, error) {
		return b.client.Likes.List(ctx, m.ID)
	})
}

// saveShort saves a list that has no pages. It sends no request if the count is 0.
func saveShort[T any](ctx context.Context, b *backup, name string, count int, changed bool, list func(context.Context) ([]*T, error)) error {
	if b.store.has(name) && !changed {
		return nil
	}
	var items []*T
	if count > 0 {
		var err error
		if items, err = patiently(ctx, list); err != nil {
			return b.missing.unless(ctx, name, err)
		}
	}
	return writeLines(b.store, name, items)
}

// patiently repeats a call as long as the server refuses it because of the hourly limit. The
// limiter of the client makes the repeated call wait.
func patiently[T any](ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	for {
		value, err := call(ctx)
		if !errors.Is(err, instagram.ErrRateLimited) || ctx.Err() != nil {
			return value, err
		}
	}
}
