package main

import (
	"context"
	"errors"
	"time"

	"github.com/igv1/instagram"
)

// newLimiter keeps to the limits that the server tells, and says so when the
// next request has to wait.
func newLimiter(say func(until time.Time)) (instagram.Limiter, error) {
	hourly, err := instagram.NewHourlyLimiter(instagram.HourlyLimits{FailFast: true})
	return &limiter{hourly, say}, err
}

type limiter struct {
	instagram.Limiter
	say func(until time.Time)
}

// worthSaying is the shortest wait that users are told of.
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
