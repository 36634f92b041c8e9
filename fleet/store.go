package fleet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/igv1/instagram"
)

// A store holds the records. It is a bucket of NATS; simulations have another.
type store interface {
	// load returns what is stored, with its revision and the time when it was stored. The revision
	// is 0 if there is nothing.
	load(ctx context.Context, key string) (entry, error)

	// swap stores a value in place of a revision. It fails with errConflict if that is not the
	// latest. After another error it may be stored or not.
	swap(ctx context.Context, key string, value []byte, revision uint64) error

	// now returns the time by the clock that stamps what is stored.
	now(ctx context.Context) (time.Time, error)

	// holders returns the keys of all that is stored.
	holders(ctx context.Context) ([]string, error)
}

type entry struct {
	value    []byte
	revision uint64
	stored   time.Time
}

var errConflict = errors.New("fleet: somebody else was first")

// An UnavailableError is a call that is not made because NATS does not answer, so that nobody knows
// whether there is room. It matches [instagram.ErrRateLimited].
type UnavailableError struct{ Err error }

func (e *UnavailableError) Error() string {
	return fmt.Sprintf("fleet: NATS does not say what is left of the budget: %v", e.Err)
}

func (e *UnavailableError) Unwrap() error { return e.Err }

// Is makes [errors.Is] match [instagram.ErrRateLimited].
func (e *UnavailableError) Is(target error) bool { return target == instagram.ErrRateLimited }

// A bucket is a store in JetStream. It is opened, or made, when it is first asked for something:
// NATS need not be there before.
type bucket struct {
	js     jetstream.JetStream
	config jetstream.KeyValueConfig

	mu sync.Mutex
	kv jetstream.KeyValue
}

func newBucket(js jetstream.JetStream, l Limits) *bucket {
	return &bucket{js: js, config: jetstream.KeyValueConfig{
		Bucket:      l.Bucket,
		Description: "what is left of each token's hour",
		Storage:     jetstream.FileStorage,
		Replicas:    l.Replicas,
	}}
}

func (b *bucket) open(ctx context.Context) (jetstream.KeyValue, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kv != nil {
		return b.kv, nil
	}
	kv, err := b.js.KeyValue(ctx, b.config.Bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = b.js.CreateKeyValue(ctx, b.config)
		if errors.Is(err, jetstream.ErrBucketExists) {
			kv, err = b.js.KeyValue(ctx, b.config.Bucket)
		}
	}
	if err != nil {
		return nil, err
	}
	b.kv = kv
	return kv, nil
}

func (b *bucket) load(ctx context.Context, key string) (entry, error) {
	kv, err := b.open(ctx)
	if err != nil {
		return entry{}, err
	}
	e, err := kv.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return entry{}, nil
	}
	if err != nil {
		return entry{}, err
	}
	return entry{e.Value(), e.Revision(), e.Created()}, nil
}

func (b *bucket) swap(ctx context.Context, key string, value []byte, revision uint64) error {
	kv, err := b.open(ctx)
	if err != nil {
		return err
	}
	_, err = kv.Update(ctx, key, value, revision)
	if errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return errConflict
	}
	return err
}

func (b *bucket) now(ctx context.Context) (time.Time, error) {
	kv, err := b.open(ctx)
	if err != nil {
		return time.Time{}, err
	}
	status, err := kv.Status(ctx)
	if err != nil {
		return time.Time{}, err
	}
	bucket, ok := status.(*jetstream.KeyValueBucketStatus)
	if !ok || bucket.StreamInfo().TimeStamp.IsZero() {
		return time.Time{}, errors.New("fleet: this NATS server does not tell its time; it needs version 2.10 or later")
	}
	return bucket.StreamInfo().TimeStamp, nil
}

// A serverClock estimates the time of the store by the time that has passed here. It is never
// ahead, so nothing is free too early: what this machine takes for the time of day does not matter.
type serverClock struct {
	store store

	mu    sync.Mutex
	there time.Time // the store's time was at least this
	here  time.Time // when this was
	asked time.Time
}

// forgetAfter is how long an estimate is used. Clocks run at different speeds.
const forgetAfter = 10 * time.Minute

func (c *serverClock) now(ctx context.Context) (time.Time, error) {
	c.mu.Lock()
	fresh := !c.asked.IsZero() && time.Since(c.asked) < forgetAfter
	now := c.there.Add(time.Since(c.here))
	c.mu.Unlock()
	if fresh {
		return now, nil
	}
	there, err := c.store.now(ctx)
	if err != nil {
		return time.Time{}, err
	}
	here := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.there, c.here, c.asked = there, here, here
	return there, nil
}

// observe learns from the time of an entry that has just been read.
func (c *serverClock) observe(stored time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.asked.IsZero() && stored.After(c.there.Add(time.Since(c.here))) {
		c.there, c.here = stored, time.Now()
	}
}

// holders returns the keys that have a record.
func (b *bucket) holders(ctx context.Context) (all []string, err error) {
	kv, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := kv.ListKeys(ctx)
	if err != nil {
		return nil, err
	}
	for key := range keys.Keys() {
		all = append(all, key)
	}
	return all, nil
}
