// Command realtime shows two ways to get new media: updates that the server sends to a webhook, and
// a watcher that asks again and again. Every second it posts a media, as a user or with a tag. It
// prints each media when it arrives, and how long that took.
//
// It starts a server of its own and ends after ten seconds.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
	"github.com/igv1/instagram/instagramtest"
)

func main() { program.Main("realtime", run) }

const (
	tag         = "firstsnow"
	verifyToken = "only we and the server know"
)

func run(ctx context.Context, args []string, out, status io.Writer) error {
	flags := program.NewFlags("realtime [flags]",
		"Posts media on its own server and prints each when it arrives: first through a webhook, then\n"+
			"by watching. At the end it says how long each way took.")
	duration := flags.Duration("duration", 10*time.Second, "how long to run")
	every := flags.Duration("every", time.Second, "the time between two posts")
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	if *every <= 0 || *duration < 4**every {
		return program.UsageError("-every must be more than 0, and -duration at least four times -every")
	}
	// The limit is ten times the usual one, because two watchers share it and neither should wait.
	server := instagramtest.NewServer(instagramtest.WithLimits(50_000, 600))
	defer server.Close()
	program.OwnServer(status, server.URL)
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithHTTPClient(server.Client()),
		instagram.WithAccessToken(server.AccessToken(server.Users()[0].ID)),
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	if err != nil {
		return err
	}
	demo := &demo{client: client, server: server, every: *every, board: board{out: out}}

	fmt.Fprintln(out, "Through the webhook:")
	webhook, err := demo.throughWebhook(ctx, *duration/2)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "\nBy watching:")
	watch, err := demo.byWatching(ctx, *duration/2)
	if err != nil {
		return err
	}
	return summarize(out, webhook, watch)
}

type demo struct {
	client *instagram.Client
	server *instagramtest.Server
	every  time.Duration
	board  board
}

// throughWebhook subscribes to the user and the tag. The watchers ask only when an update wakes
// them: the hour between two requests is longer than the program runs.
func (d *demo) throughWebhook(ctx context.Context, duration time.Duration) (result, error) {
	watchers := d.watchers(time.Hour)
	hook, err := instagram.NewWebhook(d.server.ClientSecret, instagram.WebhookOptions{
		VerifyToken: verifyToken,
		Handle: func(_ context.Context, update *instagram.Update) {
			if watcher := watchers[update.Object]; watcher != nil {
				watcher.Wake()
			}
		},
	})
	if err != nil {
		return result{}, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return result{}, err
	}
	callback := &http.Server{Handler: hook, ReadTimeout: 10 * time.Second}
	go callback.Serve(listener) //nolint:errcheck // it ends with Close
	defer callback.Close()

	for _, subscription := range []instagram.SubscriptionRequest{
		{Object: instagram.ObjectUser},
		{Object: instagram.ObjectTag, ObjectID: tag},
	} {
		subscription.CallbackURL = "http://" + listener.Addr().String() + "/callback"
		subscription.VerifyToken = verifyToken
		if _, err := d.client.Subscriptions.Create(ctx, subscription); err != nil {
			return result{}, err
		}
	}
	got, err := d.watch(ctx, "webhook", watchers, duration)
	return got, errors.Join(err,
		d.client.Subscriptions.Delete(ctx, instagram.SubscriptionFilter{Object: instagram.ObjectAll}),
		hook.Shutdown(ctx)) // waits until the accepted updates are handled
}

// byWatching asks twice as often as something is posted.
func (d *demo) byWatching(ctx context.Context, duration time.Duration) (result, error) {
	return d.watch(ctx, "watch", d.watchers(d.every/2), duration)
}

func (d *demo) watchers(interval time.Duration) map[instagram.SubscriptionObject]*instagram.Watcher {
	opts := &instagram.WatchOptions{Interval: interval}
	return map[instagram.SubscriptionObject]*instagram.Watcher{
		instagram.ObjectUser: instagram.Watch(d.client.Users.RecentMedia(instagram.Self, nil), opts),
		instagram.ObjectTag:  instagram.Watch(d.client.Tags.RecentMedia(tag, nil), opts),
	}
}

// watch posts media and prints what the watchers yield, for the given time.
func (d *demo) watch(ctx context.Context, way string, watchers map[instagram.SubscriptionObject]*instagram.Watcher, duration time.Duration) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	d.board.clear()
	errs := make(chan error, len(watchers))
	var running sync.WaitGroup
	for _, watcher := range watchers {
		running.Go(func() {
			errs <- d.follow(ctx, watcher)
			cancel() // an error of one ends the others
		})
	}
	running.Go(func() { d.post(ctx, duration) })
	running.Wait()
	close(errs)
	var err error
	for failed := range errs {
		err = errors.Join(err, failed)
	}
	return d.board.result(way), err
}

// follow prints what a watcher yields, until the context ends.
func (d *demo) follow(ctx context.Context, watcher *instagram.Watcher) error {
	for media, err := range watcher.All(ctx) {
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		d.board.arrived(media)
	}
	return nil
}

// post posts one media as the user, the next with the tag, and so on. After the last post there is
// time left for it to arrive.
func (d *demo) post(ctx context.Context, duration time.Duration) {
	users := d.server.Users()
	me, other := users[0].ID, public(users[1:]).ID
	ticker := time.NewTicker(d.every)
	defer ticker.Stop()
	for n := 1; time.Duration(n+1)*d.every <= duration; n++ {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		if n%2 == 1 {
			d.board.post(d.server, me, fmt.Sprintf("A walk, part %d", (n+1)/2))
		} else {
			d.board.post(d.server, other, fmt.Sprintf("Flake %d #%s", n/2, tag))
		}
	}
}

// public returns the first user whose media everybody may see.
func public(users []instagramtest.User) instagramtest.User {
	return users[slices.IndexFunc(users, func(u instagramtest.User) bool { return !u.Private })]
}
