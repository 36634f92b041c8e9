package harvest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/igv1/instagram/fleet/internal/archive"
)

// window is how many messages Add has on their way at a time.
const window = 256

// Add adds lists to the queue. Those that wait or are being read already are not added again, and
// nothing is if the whole input was added in this run: whoever starts a harvest again goes on with
// it. Several may add the same input at a time.
func (q *Queue) Add(ctx context.Context, input string, lists iter.Seq2[archive.List, error]) (added, there int, err error) {
	began, known, err := q.beginRun(ctx, input)
	if err != nil || known {
		return 0, 0, err
	}
	prefix := "" // of the ids that have NATS refuse what is published twice
	if input != "" {
		prefix = fmt.Sprintf("%d.%s.", began.UnixNano(), input)
	}
	added, there, err = q.publish(ctx, prefix, lists)
	if err == nil && input != "" {
		err = q.changeRun(ctx, func(r *run) bool {
			r.Inputs = append(r.Inputs, input)
			return true
		})
	}
	return added, there, err
}

// Begun reports whether anything was ever added.
func (q *Queue) Begun(ctx context.Context) (bool, error) {
	work, err := q.work.Info(ctx)
	return err == nil && work.State.LastSeq > 0, err
}

func (q *Queue) publish(ctx context.Context, prefix string, lists iter.Seq2[archive.List, error]) (added, there int, err error) {
	var acks []jetstream.PubAckFuture
	wait := func(upTo int) error {
		for ; len(acks) > upTo; acks = acks[1:] {
			select {
			case ack := <-acks[0].Ok():
				if ack.Duplicate {
					there++
				} else {
					added++
				}
			case err := <-acks[0].Err():
				if !isThere(err) {
					return err
				}
				there++
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}
	for list, err := range lists {
		if err != nil {
			return added, there, errors.Join(err, wait(0))
		}
		value, err := json.Marshal(list)
		if err != nil {
			return added, there, err
		}
		options := []jetstream.PublishOpt{jetstream.WithStallWait(time.Minute)}
		if prefix != "" {
			options = append(options, jetstream.WithMsgID(prefix+string(list.Kind)+"."+list.Key()))
		}
		ack, err := q.js.PublishMsgAsync(&nats.Msg{Subject: q.subjectOf("work", list), Data: value}, options...)
		if err != nil {
			return added, there, err
		}
		acks = append(acks, ack)
		if err := wait(window); err != nil {
			return added, there, err
		}
	}
	err = wait(0)
	return added, there, err
}

// isThere tells a list that is on the queue already from a queue that fails. The server has one
// code for all that it cannot store, a full disk among it; only the text tells them apart.
func isThere(err error) bool {
	const storeFailed = 10077
	var refused *jetstream.APIError
	return errors.As(err, &refused) && refused.ErrorCode == storeFailed &&
		strings.Contains(refused.Description, "maximum messages per subject exceeded")
}

// A run is what came since the queue was empty last: where its counts start.
type run struct {
	Work    uint64    `json:"work"`
	Dead    uint64    `json:"dead"`
	Started time.Time `json:"started"`
	Inputs  []string  `json:"inputs,omitempty"` // what was added as a whole
}

// beginRun begins a run if the queue is empty. It returns when the run began, and whether an input
// was added in one that goes on.
func (q *Queue) beginRun(ctx context.Context, input string) (began time.Time, known bool, err error) {
	err = q.changeRun(ctx, func(r *run) bool {
		began, known = r.Started, input != "" && slices.Contains(r.Inputs, input)
		return false
	})
	if err != nil {
		return began, false, err
	}
	work, err := q.work.Info(ctx)
	if err != nil || work.State.Msgs > 0 {
		return began, known, err
	}
	dead, err := q.dead.Info(ctx)
	if err != nil {
		return began, false, err
	}
	err = q.changeRun(ctx, func(r *run) bool {
		if r.Started.After(began) { // somebody else has begun one just now
			began = r.Started
			return false
		}
		began = time.Now().UTC()
		*r = run{Work: work.State.LastSeq, Dead: dead.State.LastSeq, Started: began}
		return true
	})
	return began, false, err
}

// changeRun reads the run, and stores it again if change says so.
func (q *Queue) changeRun(ctx context.Context, change func(*run) bool) error {
	for {
		var r run
		var revision uint64
		e, err := q.state.Get(ctx, runKey)
		if err == nil {
			revision = e.Revision()
			err = json.Unmarshal(e.Value(), &r)
		} else if errors.Is(err, jetstream.ErrKeyNotFound) {
			err = nil
		}
		if err != nil || !change(&r) {
			return err
		}
		value, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if _, err = q.state.Update(ctx, runKey, value, revision); !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
			return err
		}
	}
}

// Dead yields the lists that could not be read.
func (q *Queue) Dead(ctx context.Context) iter.Seq2[Dead, error] {
	return func(yield func(Dead, error) bool) {
		for sequence := uint64(1); ; {
			msg, err := q.dead.GetMsg(ctx, sequence, jetstream.WithGetMsgSubject(q.subject("dead")+".>"))
			if errors.Is(err, jetstream.ErrMsgNotFound) {
				return
			}
			var d Dead
			if err == nil {
				sequence, d.sequence = msg.Sequence+1, msg.Sequence
				err = json.Unmarshal(msg.Data, &d)
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// Retry puts the lists that could not be read back on the queue.
func (q *Queue) Retry(ctx context.Context) (n int, err error) {
	if _, _, err := q.beginRun(ctx, ""); err != nil {
		return 0, err
	}
	for d, err := range q.Dead(ctx) {
		if err != nil {
			return n, err
		}
		value, err := json.Marshal(d.List)
		if err != nil {
			return n, err
		}
		if _, err := q.js.Publish(ctx, q.subjectOf("work", d.List), value); err != nil && !isThere(err) {
			return n, err
		}
		if err := q.dead.DeleteMsg(ctx, d.sequence); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
			return n, err
		}
		n++
	}
	return n, nil
}

// A Command is for all workers that are running.
type Command string

// The commands.
const (
	Stop  Command = "stop"  // give back what is being read, and end
	Drain Command = "drain" // read what was begun, and end
)

// Send tells all workers that are running what to do. Those that start later do not hear of it.
func (q *Queue) Send(ctx context.Context, c Command) error {
	_, err := q.state.PutString(ctx, controlKey, string(c))
	return err
}

// command returns the latest command, if it is another one than a worker has heard, and its revision.
// A watch would tell sooner, and be silent for half a minute after NATS has started again.
func (q *Queue) command(ctx context.Context, heard uint64) (c Command, revision uint64, err error) {
	e, err := q.state.Get(ctx, controlKey)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return "", 0, nil
	case err != nil:
		return "", heard, err
	case e.Revision() == heard:
		return "", heard, nil
	}
	return Command(e.Value()), e.Revision(), nil
}

// An Aside is a token that does not work any more.
type Aside struct {
	Holder string    `json:"-"`     // see [instagram.LimiterRequest]
	Token  string    `json:"token"` // its name
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

func (q *Queue) setAside(ctx context.Context, holder string, a Aside) error {
	value, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = q.state.Put(ctx, asideKey+holder, value)
	return err
}

// readmit forgets that tokens were set aside: who begins with them tries them again.
func (q *Queue) readmit(ctx context.Context, tokens []*Token) error {
	all, err := q.Aside(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if slices.ContainsFunc(tokens, func(t *Token) bool { return t.Holder == a.Holder }) {
			if err := q.state.Delete(ctx, asideKey+a.Holder); err != nil {
				return err
			}
		}
	}
	return nil
}

// Aside returns the tokens that do not work any more.
func (q *Queue) Aside(ctx context.Context) (all []Aside, err error) {
	keys, err := q.state.ListKeysFiltered(ctx, asideKey+"*")
	if err != nil {
		return nil, err
	}
	for key := range keys.Keys() {
		e, err := q.state.Get(ctx, key)
		if err != nil {
			return nil, err
		}
		var a Aside
		if err := json.Unmarshal(e.Value(), &a); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		a.Holder = strings.TrimPrefix(key, asideKey)
		all = append(all, a)
	}
	return all, nil
}
