package main

import (
	"context"
	"errors"
	"time"

	"github.com/igv1/instagram"
)

// newLimiter returns a limiter that follows the limits in the server's answers. It calls say before
// a request waits for long.
func newLimiter(say func(until time.Time)) (instagram.Limiter, error) {
	hourly, err := instagram.NewHourlyLimiter(instagram.HourlyLimits{FailFast: true})
	return &limiter{hourly, say}, err
}

type limiter struct {
	instagram.Limiter
	say func(until time.Time)
}

// worthSaying is the shortest wait for which say is called.
const worthSaying = 10 * time.Second

func (l *limiter) Wait(ctx context.Context, request instagram.LimiterRequest) error {
	for {
		err := l.Limiter.Wait(ctx, request)
		var full *instagram.LimitError
		if !errors.As(err, &full) {
			return err
		}
		if full.RetryAfter >= worthSaying {
			l.say(time.Now().Add(full.RetryAfter))
		}
		select {
		case <-time.After(full.RetryAfter):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
