package fleet

import (
	"cmp"
	"errors"
	"time"

	"github.com/igv1/instagram"
)

// Limits are what every token may do within any hour, and how a [Limiter] keeps to it.
type Limits struct {
	// Calls are all requests. The default is what the server's answers say. Until one has, it is
	// 500, the lower of the limits that the API had, so that many workers that start together with
	// a new token do not overspend. If answers say less than Calls, then that holds.
	Calls int

	// Likes, Comments and Relationships are the writes of each kind. The default is 60, or 30 where
	// the limit of calls is that of an app in sandbox mode, or not known yet.
	Likes, Comments, Relationships int

	// Block is how many calls are taken at a time from what all share. More makes for fewer
	// messages, and for more calls that a crash wastes. The default is 50. No block is over a tenth
	// of its limit.
	Block int

	// FailFast has calls fail with an [*instagram.LimitError] where otherwise they would wait, and
	// with an [*UnavailableError] where NATS does not answer.
	FailFast bool

	// Hour is how long an hour is. The default is an hour. Servers whose clock runs faster, as in
	// tests, have shorter ones.
	Hour time.Duration

	// Bucket is the key-value bucket with the budgets. It is made if it is not there. Those who use
	// the same one share the budgets. The default is "instagram_budget".
	Bucket string

	// Replicas is how many servers of a NATS cluster hold a bucket that is made. The default is 1.
	Replicas int
}

// The limits of live apps, and of those in sandbox mode.
const (
	liveWrites                  = 60
	sandboxCalls, sandboxWrites = 500, 30
)

func (l Limits) check() error {
	if l.Calls < 0 || l.Likes < 0 || l.Comments < 0 || l.Relationships < 0 || l.Block < 0 || l.Hour < 0 || l.Replicas < 0 {
		return errors.New("fleet: limits: one is negative; leave out what should have its default")
	}
	if l.Hour > 0 && l.Hour < time.Second {
		return errors.New("fleet: limits: an hour of less than a second is too short to share")
	}
	return nil
}

func (l Limits) withDefaults() Limits {
	l.Block = cmp.Or(l.Block, 50)
	l.Hour = cmp.Or(l.Hour, time.Hour)
	l.Bucket = cmp.Or(l.Bucket, "instagram_budget")
	l.Replicas = cmp.Or(l.Replicas, 1)
	return l
}

// allCalls stands beside the kinds of writes for what counts every call.
const allCalls instagram.WriteKind = "calls"

// of returns the limit of a kind, where the server says its own for calls, which is 0 as long as it
// has not.
func (l Limits) of(kind instagram.WriteKind, server int) int {
	writes := liveWrites
	if server <= sandboxCalls {
		writes = sandboxWrites
	}
	switch kind {
	case instagram.LikeWrites:
		return cmp.Or(l.Likes, writes)
	case instagram.CommentWrites:
		return cmp.Or(l.Comments, writes)
	case instagram.RelationshipWrites:
		return cmp.Or(l.Relationships, writes)
	}
	server = cmp.Or(server, sandboxCalls)
	return min(cmp.Or(l.Calls, server), server)
}

// block is how much of a limit is taken at a time.
func (l Limits) block(limit int) int { return min(l.Block, max(limit/10, 1)) }

// The spans of time that the safety of the budget rests on, as shares of an hour.

// usable is how long calls may be made out of a block: 4 minutes.
func (l Limits) usable() time.Duration { return l.Hour / 15 }

// life is after how long the last of them has reached the API, or failed: 5 minutes.
func (l Limits) life() time.Duration { return l.Hour / 12 }

// margin is how long an hour is kept longer than it is: 30 seconds. The clocks of the servers of a
// NATS cluster may differ by as much.
func (l Limits) margin() time.Duration { return l.Hour / 120 }

// grain is how far apart calls have to be to be told apart: 15 seconds.
func (l Limits) grain() time.Duration { return l.Hour / 240 }

// recheck is how often it is looked whether others gave calls back: every 30 seconds.
func (l Limits) recheck() time.Duration { return l.Hour / 120 }

// idle is how long a block that is used up waits for the next one, so that one exchange ends the
// one and takes the other: 1 second.
func (l Limits) idle() time.Duration { return l.Hour / 3600 }
