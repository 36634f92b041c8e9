package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/igv1/instagram"
)

// welcome writes a comment under the latest media of a tag, most of them at
// most, and returns whom it has welcomed. Nobody is welcomed twice under the
// same media, however often it runs. It ends at the first error.
func welcome(ctx context.Context, client *instagram.Client, tag string, most int) (welcomed []string, err error) {
	me, err := client.Users.Get(ctx, instagram.Self)
	if err != nil {
		return nil, err
	}
	for media, err := range client.Tags.RecentMedia(tag, nil).All(ctx) {
		if err != nil {
			return welcomed, err
		}
		if len(welcomed) == most {
			break
		}
		if media.User.ID == me.ID {
			continue
		}
		// The count that comes with a media does not say whose comments they are.
		comments, err := client.Comments.List(ctx, media.ID)
		if err != nil {
			return welcomed, err
		}
		if slices.ContainsFunc(comments, func(c *instagram.CommentEntry) bool { return c.From.ID == me.ID }) {
			continue
		}
		if _, err := client.Comments.Create(ctx, media.ID, fmt.Sprintf("Welcome, @%s!", media.User.Username)); err != nil {
			return welcomed, err
		}
		welcomed = append(welcomed, media.User.Username)
	}
	return welcomed, nil
}
