package harvest

import (
	"context"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// A watchdog notices lists that NATS holds and gives to nobody. A server that is killed can lose
// track of one: its message is there, and its consumer takes it for delivered.
type watchdog struct {
	mu        sync.Mutex
	since     time.Time // nothing has happened
	messages  uint64
	delivered uint64
}

// look is called by workers that have nothing to do. It reports whether the queue is empty.
func (d *watchdog) look(ctx context.Context, w *Worker) (empty bool) {
	work, err := w.Queue.work.Info(ctx)
	if err != nil {
		return false
	}
	if work.State.Msgs == 0 {
		return true
	}
	if !d.mu.TryLock() {
		return false
	}
	defer d.mu.Unlock()
	consumer, err := w.Queue.consumer.Info(ctx)
	if err != nil {
		return false
	}
	workers, err := w.Queue.Workers(ctx)
	if err != nil {
		return false
	}
	running := 0
	for _, r := range workers {
		running += len(r.Running)
	}
	if running > 0 || work.State.Msgs != d.messages || consumer.Delivered.Consumer != d.delivered || d.since.IsZero() {
		d.since, d.messages, d.delivered = time.Now(), work.State.Msgs, consumer.Delivered.Consumer
		return false
	}
	patience := 2 * w.Queue.Lease
	if consumer.NumAckPending > 0 || consumer.NumPending > 0 { // somebody may wait for a next attempt
		patience += w.longestBackoff()
	}
	if time.Since(d.since) > patience {
		w.Log.Warn("the queue holds lists that it gives to nobody; it is made to start over", "lists", work.State.Msgs)
		if err := w.Queue.startOver(ctx, w.id); err != nil {
			w.Log.Warn("the queue does not answer", "reason", err)
		}
		d.since = time.Time{}
	}
	return false
}

// startOver has all that the queue holds delivered again. What somebody is reading after all is
// read twice, and written once.
func (q *Queue) startOver(ctx context.Context, worker string) error {
	revision := uint64(0)
	if e, err := q.state.Get(ctx, startOverKey); err == nil {
		revision = e.Revision()
	}
	if _, err := q.state.Update(ctx, startOverKey, []byte(worker), revision); err != nil {
		return err // another worker does it
	}
	if err := q.work.DeleteConsumer(ctx, consumerName); err != nil {
		return err
	}
	_, err := q.consume(ctx)
	return err
}

func (q *Queue) consume(ctx context.Context) (jetstream.Consumer, error) {
	return q.work.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: consumerName, AckPolicy: jetstream.AckExplicitPolicy, AckWait: q.Lease,
		MaxDeliver: -1, // the workers count, and say why they give up
		// Each worker holds a few; those that wait for their next attempt count, too.
		MaxAckPending: 50_000,
	})
}
