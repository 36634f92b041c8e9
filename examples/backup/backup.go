package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"golang.org/x/sync/errgroup"

	"github.com/igv1/instagram"
)

// The files of a backup, besides one a media in comments/ and likes/ and the
// pictures and videos in files/.
const (
	profileFile   = "profile.json"
	mediaFile     = "media.jsonl"
	followersFile = "followers.jsonl"
	followsFile   = "follows.jsonl"
	pageFile      = "index.html"
)

type backup struct {
	client   *instagram.Client
	files    *http.Client // of the pictures and videos; it knows no token
	store    *store
	user     string
	parallel int
	progress *progress
}

// save fetches what is not in the store yet.
func (b *backup) save(ctx context.Context) error {
	user, err := b.client.Users.Get(ctx, b.user)
	if err != nil {
		return err
	}
	if err := b.saveProfile(ctx, user); err != nil {
		return err
	}
	if err := saveList(ctx, b, followersFile, b.client.Relationships.FollowedBy(b.user, nil)); err != nil {
		return err
	}
	if err := saveList(ctx, b, followsFile, b.client.Relationships.Follows(b.user, nil)); err != nil {
		return err
	}
	if err := saveList(ctx, b, mediaFile, b.client.Users.RecentMedia(b.user, &instagram.UserMediaOptions{Count: 33})); err != nil {
		return err
	}
	media, err := b.catchUp(ctx)
	if err != nil {
		return err
	}
	return b.saveAll(ctx, media)
}

func (b *backup) saveProfile(ctx context.Context, user *instagram.UserInfo) error {
	if err := b.store.write(profileFile, func(w io.Writer) error { return json.NewEncoder(w).Encode(user) }); err != nil {
		return err
	}
	if user.ProfilePicture == "" || b.store.has(profilePicture) {
		return nil
	}
	return b.download(ctx, user.ProfilePicture, profilePicture)
}

// saveList walks a list to its end, from where the last run left it.
func saveList[T any](ctx context.Context, b *backup, name string, pager *instagram.Pager[T]) error {
	if b.store.has(name) {
		return nil
	}
	w, err := openWalk(b.store, name)
	if err != nil {
		return err
	}
	total := 0
	for page, err := range pager.From(w.mark.Cursor).Pages(ctx) {
		if err != nil {
			return err
		}
		if err := add(w, page); err != nil {
			return err
		}
		total += len(page.Items)
	}
	b.progress.note("%s: %d more", name, total)
	return w.finish()
}

// catchUp adds the media that came after the walk began, newest first as the
// others are, and returns all.
func (b *backup) catchUp(ctx context.Context) ([]*instagram.MediaEntry, error) {
	media, err := readLines[instagram.MediaEntry](b.store, mediaFile)
	if err != nil || len(media) == 0 {
		return media, err
	}
	known := map[string]bool{}
	for _, m := range media {
		known[m.ID] = true
	}
	var newer []*instagram.MediaEntry
	for m, err := range b.client.Users.RecentMedia(b.user, &instagram.UserMediaOptions{MinID: media[0].ID}).All(ctx) {
		if err != nil {
			return nil, err
		}
		if known[m.ID] { // some servers count the media of min_id in
			break
		}
		newer = append(newer, m)
	}
	if len(newer) == 0 {
		return media, nil
	}
	media = append(newer, media...)
	return media, writeLines(b.store, mediaFile, media)
}

// saveAll fetches what belongs to each media, several at a time.
func (b *backup) saveAll(ctx context.Context, media []*instagram.MediaEntry) error {
	defer b.progress.start(len(media))()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.parallel)
	for _, m := range media {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			defer b.progress.done()
			if err := b.saveMedia(ctx, m); err != nil {
				return fmt.Errorf("media %s: %w", m.ID, err)
			}
			return nil
		})
	}
	return group.Wait()
}

func (b *backup) saveMedia(ctx context.Context, m *instagram.MediaEntry) error {
	if err := b.saveFiles(ctx, m); err != nil {
		return err
	}
	if err := saveShort(b, commentsFile(m), m.Comments.Count, func() ([]*instagram.CommentEntry, error) {
		return b.client.Comments.List(ctx, m.ID)
	}); err != nil {
		return err
	}
	return saveShort(b, likesFile(m), m.Likes.Count, func() ([]*instagram.UserShortInfo, error) {
		return b.client.Likes.List(ctx, m.ID)
	})
}

// saveShort saves a list that has no pages. It asks nothing where the count
// says that there is nothing, nor for a media that was deleted meanwhile.
func saveShort[T any](b *backup, name string, count int, list func() ([]*T, error)) error {
	if b.store.has(name) {
		return nil
	}
	var items []*T
	if count > 0 {
		var err error
		if items, err = list(); err != nil && !errors.Is(err, instagram.ErrNotFound) {
			return err
		}
	}
	return writeLines(b.store, name, items)
}
