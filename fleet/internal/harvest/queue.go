// Package harvest reads many lists with many workers: a durable queue of lists, the tokens to read
// them with, and the workers.
package harvest

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/igv1/instagram/fleet/internal/archive"
)

// Config says what a queue is like. Who opens it first decides.
type Config struct {
	Name     string        `json:"-"`        // of the harvest; the default is "harvest"
	Replicas int           `json:"replicas"` // how many servers of a cluster hold it; the default is 1
	Lease    time.Duration `json:"lease"`    // after how long without a sign of life work goes to another; the default is 12 s
	Attempts int           `json:"attempts"` // how often a list is tried before it is set aside; the default is 8
}

func (c Config) withDefaults() (Config, error) {
	c.Name = cmp.Or(c.Name, "harvest")
	c.Replicas = cmp.Or(c.Replicas, 1)
	c.Lease = cmp.Or(c.Lease, 12*time.Second)
	c.Attempts = cmp.Or(c.Attempts, 8)
	return c, c.Check()
}

// Check refuses what a queue cannot be like. What is left out has its default.
func (c Config) Check() error {
	if c.Name != "" && !regexp.MustCompile(`^[0-9A-Za-z_-]{1,40}$`).MatchString(c.Name) {
		return fmt.Errorf("%q is no name for a harvest: letters, digits, - and _, at most 40", c.Name)
	}
	if c.Replicas < 0 || c.Replicas > 5 || c.Lease < 0 || c.Attempts < 0 {
		return errors.New("replicas must be 1 to 5, and lease and attempts not negative")
	}
	return nil
}

// A Queue is the durable list of what is to be read. It is advice: what has been read is what the
// archive holds.
type Queue struct {
	Config

	js       jetstream.JetStream
	work     jetstream.Stream
	dead     jetstream.Stream
	state    jetstream.KeyValue // what few have to agree on
	workers  jetstream.KeyValue // what each worker says of itself
	consumer jetstream.Consumer
	store    string // tells this store from one that was lost
}

// The keys of the state.
const (
	configKey  = "config"
	storeKey   = "store"
	epochKey   = "epoch"
	archiveKey = "archive"
	runKey     = "run"
	controlKey = "control"
	asideKey   = "aside." // and the holder of a token
)

// reportAge is after how long a worker that says nothing is taken for gone.
const reportAge = 15 * time.Second

// OpenQueue opens the queue of a harvest, and makes it if it is not there.
func OpenQueue(ctx context.Context, js jetstream.JetStream, config Config) (*Queue, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	q := &Queue{Config: config, js: js}
	if q.state, err = q.bucket(ctx, jetstream.KeyValueConfig{Bucket: q.name(""), Storage: jetstream.FileStorage}); err != nil {
		return nil, err
	}
	if err := q.agreeOnConfig(ctx); err != nil {
		return nil, err
	}
	if q.store, err = q.agree(ctx, storeKey, rand.Text()); err != nil {
		return nil, err
	}
	if q.workers, err = q.bucket(ctx, q.reportsConfig()); err != nil {
		return nil, err
	}
	if q.work, err = js.CreateOrUpdateStream(ctx, q.stream("", "work", jetstream.StreamConfig{
		Retention: jetstream.WorkQueuePolicy,
		Discard:   jetstream.DiscardNew, DiscardNewPerSubject: true, // a list that is there is not added again
	})); err != nil {
		return nil, err
	}
	if q.dead, err = js.CreateOrUpdateStream(ctx, q.stream("_dead", "dead", jetstream.StreamConfig{})); err != nil {
		return nil, err
	}
	q.consumer, err = q.work.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: "workers", AckPolicy: jetstream.AckExplicitPolicy, AckWait: q.Lease,
		MaxDeliver: -1, // the workers count, and say why they give up
		// Each worker holds a few; those that wait for their next attempt count, too.
		MaxAckPending: 50_000,
	})
	return q, err
}

// bucket opens a bucket, and makes it if it is not there.
func (q *Queue) bucket(ctx context.Context, c jetstream.KeyValueConfig) (jetstream.KeyValue, error) {
	kv, err := q.js.KeyValue(ctx, c.Bucket)
	if !errors.Is(err, jetstream.ErrBucketNotFound) {
		return kv, err
	}
	c.Replicas = q.Replicas
	return q.js.CreateOrUpdateKeyValue(ctx, c)
}

// reportsConfig is that of the bucket of reports. It is in memory, and so it is gone when a NATS
// server that has no replicas starts again: whoever reports next makes it anew.
func (q *Queue) reportsConfig() jetstream.KeyValueConfig {
	return jetstream.KeyValueConfig{Bucket: q.name("_workers"), Storage: jetstream.MemoryStorage, TTL: reportAge}
}

// agreeOnConfig takes over what whoever was first said.
func (q *Queue) agreeOnConfig(ctx context.Context) error {
	mine, err := json.Marshal(q.Config)
	if err != nil {
		return err
	}
	agreed, err := q.agree(ctx, configKey, string(mine))
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(agreed), &q.Config)
}

func (q *Queue) name(suffix string) string { return "igharvest_" + q.Name + suffix }

func (q *Queue) stream(suffix, subject string, c jetstream.StreamConfig) jetstream.StreamConfig {
	c.Name, c.Subjects = q.name(suffix), []string{q.subject(subject) + ".>"}
	c.Storage, c.Replicas, c.MaxMsgsPerSubject = jetstream.FileStorage, q.Replicas, 1
	return c
}

func (q *Queue) subject(kind string) string { return "igharvest." + q.Name + "." + kind }

func (q *Queue) subjectOf(kind string, l archive.List) string {
	return q.subject(kind) + "." + string(l.Kind) + "." + l.Key()
}

// agree returns the value of a key. The first one to ask sets it.
func (q *Queue) agree(ctx context.Context, key, otherwise string) (string, error) {
	if _, err := q.state.Create(ctx, key, []byte(otherwise)); err != nil && !errors.Is(err, jetstream.ErrKeyExists) {
		return "", err
	}
	e, err := q.state.Get(ctx, key)
	if err != nil {
		return "", err
	}
	return string(e.Value()), nil
}

// Bind has the queue belong to an archive. Workers that see another directory would read lists from
// the start that somebody else has begun.
func (q *Queue) Bind(ctx context.Context, a *archive.Archive) error {
	id, err := a.Identify(rand.Text())
	if err != nil {
		return err
	}
	bound, err := q.agree(ctx, archiveKey, id)
	if err != nil {
		return err
	}
	if bound != id {
		return fmt.Errorf("%s is not the directory of harvest %q: its workers need the same one, shared between machines; "+
			"a machine that cannot see it needs a harvest of its own, with another -name", a.Dir(), q.Name)
	}
	return nil
}

// epoch is higher than all before, whoever asks. It waits while NATS is away.
func (q *Queue) epoch(ctx context.Context, worker string) (archive.Epoch, error) {
	for {
		revision, err := q.state.Put(ctx, epochKey, []byte(worker))
		if err == nil {
			return archive.Epoch{Store: q.store, Number: revision}, nil
		}
		if err := Pause(ctx, time.Second); err != nil {
			return archive.Epoch{}, err
		}
	}
}

// An Item is a list that a worker has to read.
type Item struct {
	List archive.List

	queue      *Queue
	msg        jetstream.Msg
	sequence   uint64
	deliveries int
}

// Next returns the next item, or nil if none came for a while.
func (q *Queue) Next(ctx context.Context) (*Item, error) {
	msg, err := q.consumer.Next(jetstream.FetchContext(ctx))
	if err != nil {
		if errors.Is(err, nats.ErrTimeout) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, jetstream.ErrNoMessages) {
			return nil, nil
		}
		return nil, err
	}
	meta, err := msg.Metadata()
	if err != nil {
		return nil, err
	}
	item := &Item{queue: q, msg: msg, sequence: meta.Sequence.Stream, deliveries: int(meta.NumDelivered)}
	if err = json.Unmarshal(msg.Data(), &item.List); err == nil {
		err = item.List.Check()
	}
	if err != nil {
		_ = msg.Term() // or it comes again
		return nil, fmt.Errorf("an item of the queue is none of this program: %w", err)
	}
	return item, nil
}

// alive tells that the item is being worked on.
func (i *Item) alive() error { return i.msg.InProgress() }

// errNotTaken says that the queue did not confirm that an item is done.
var errNotTaken = errors.New("the queue did not confirm in time that the list is done; somebody will look at it once more")

// done takes the item off the queue. It gives up when the lease is over. A NATS server that was
// killed may have forgotten that it ever delivered the item, and then it does not answer: the item
// has to be delivered again first, for which a worker has to be free.
func (i *Item) done(ctx context.Context) error {
	for deadline := time.Now().Add(i.queue.Lease); ; {
		try, cancel := context.WithTimeout(ctx, min(i.queue.Lease, 5*time.Second))
		err := i.msg.DoubleAck(try)
		cancel()
		switch {
		case err == nil, errors.Is(err, jetstream.ErrMsgAlreadyAckd):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case time.Now().After(deadline):
			return errNotTaken
		}
		if err := Pause(ctx, time.Second/10); err != nil { // with no connection, it fails at once
			return err
		}
	}
}

// empty reports whether nothing is left to be read.
//
// On the way it removes what is acknowledged and still there. A NATS server notes that a message is
// acknowledged, and removes it after that. When it is killed in between, it starts again with a
// message that its consumer takes for done: nobody gets it, and the queue never becomes empty. All
// up to the consumer's acknowledgement floor is such, and an item is acknowledged only when its
// list is in the archive, or among the dead. For streams of other kinds the server looks for them
// itself when it starts; for work queues it does so in clusters only.
func (q *Queue) empty(ctx context.Context) (bool, error) {
	work, err := q.work.Info(ctx)
	if err != nil || work.State.Msgs == 0 {
		return err == nil, err
	}
	consumer, err := q.consumer.Info(ctx)
	if err != nil || consumer.AckFloor.Stream < work.State.FirstSeq {
		return false, err
	}
	return false, q.work.Purge(ctx, jetstream.WithPurgeSequence(consumer.AckFloor.Stream+1))
}

// again gives the item back, for somebody to take after a while.
func (i *Item) again(after time.Duration) error {
	if after == 0 {
		return i.msg.Nak()
	}
	return i.msg.NakWithDelay(after)
}

// A Dead is a list that could not be read.
type Dead struct {
	archive.List
	Reason     string    `json:"reason"`
	Deliveries int       `json:"deliveries"`
	Worker     string    `json:"worker"`
	At         time.Time `json:"at"`

	sequence uint64
}

// bury moves the item to the dead.
func (i *Item) bury(ctx context.Context, d Dead) error {
	value, err := json.Marshal(d)
	if err != nil {
		return err
	}
	// The id has a second try change nothing, after one that was not acknowledged.
	_, err = i.queue.js.Publish(ctx, i.queue.subjectOf("dead", d.List), value,
		jetstream.WithMsgID(fmt.Sprintf("%s.%d", i.queue.store, i.sequence)))
	if err != nil {
		return err
	}
	return i.msg.TermWithReason(d.Reason)
}
