package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/igv1/instagram"
)

// welcome writes a comment under the latest media of a tag, but no more than most comments. It
// returns the names of the users whom it has welcomed. It does not comment on the same media twice,
// however often it runs. It ends at the first error.
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
		// The media says how many comments it has, but not who wrote them.
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
