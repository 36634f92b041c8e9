package instagram

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/igv1/instagram/internal/queue"
)

// An UndeliveredError says what [Webhook.Shutdown] could not wait for.
type UndeliveredError struct {
	Updates      []*Update      // accepted but not delivered, oldest first
	GraphUpdates []*GraphUpdate // the same, for those of the Graph
	Handling     int            // calls of Handle and HandleGraph that had not returned
	Err          error          // of the context
}

func (e *UndeliveredError) Error() string {
	return fmt.Sprintf("instagram: webhook: %d updates not delivered, %d being handled: %v",
		len(e.Updates)+len(e.GraphUpdates), e.Handling, e.Err)
}

// Unwrap returns Err.
func (e *UndeliveredError) Unwrap() error { return e.Err }

// A delivery is an update on its way to the program: one of v1 or one of the Graph.
type delivery struct {
	update *Update
	graph  *GraphUpdate
}

func (h *Webhook) newQueue(opts *WebhookOptions) *queue.Queue[delivery] {
	options := queue.Options[delivery]{
		Panicked: h.panicked,
		Workers:  cmp.Or(opts.Workers, 1),
		Size:     cmp.Or(opts.QueueSize, 1024),
		Window:   cmp.Or(opts.RepeatWindow, 10*time.Minute),
	}
	if updates := opts.Updates; updates != nil {
		options.Prompt = true
		options.Deliver = func(ctx context.Context, d delivery) bool {
			select {
			case updates <- d.update:
				return true
			case <-ctx.Done():
				return false
			}
		}
		return queue.New(options)
	}
	handle, handleGraph := opts.Handle, opts.HandleGraph
	options.Deliver = func(ctx context.Context, d delivery) bool {
		if d.graph != nil {
			handleGraph(ctx, d.graph)
		} else {
			handle(ctx, d.update)
		}
		return true
	}
	return queue.New(options)
}

// panicked reports a panic of Handle or HandleGraph.
func (h *Webhook) panicked(d delivery, value any, stack []byte) {
	h.panics.Add(1)
	logger := cmp.Or(h.logger, slog.Default())
	var of slog.Attr
	if d.graph != nil {
		of = slog.Group("update", "object", d.graph.Object, "id", d.graph.AccountID, "field", d.graph.Field)
	} else {
		of = slog.Group("update", "object", d.update.Object, "id", d.update.ObjectID)
	}
	logger.Error("instagram: webhook: panic while an update was handled", of, "panic", fmt.Sprint(value), "stack", string(stack))
}

// decode reads the body of a callback: the updates, and for each of them what tells that it comes
// again.
func (h *Webhook) decode(body []byte) (deliveries []delivery, keys []queue.Key, err error) {
	updates, err := decodeUpdates(body)
	if err != nil {
		return nil, nil, err
	}
	deliveries, keys = make([]delivery, 0, len(updates)), make([]queue.Key, 0, len(updates))
	for i := range updates {
		entries, isGraph := updates[i].Extra[entryMember]
		switch {
		case !isGraph && !h.v1:
			return nil, nil, errNotForV1
		case !isGraph:
			deliveries, keys = append(deliveries, delivery{update: &updates[i]}), append(keys, updates[i].key())
			continue
		case !h.graph:
			return nil, nil, errNotForGraph
		}
		changes, err := decodeEntries(string(updates[i].Object), entries)
		if err != nil {
			return nil, nil, err
		}
		for j := range changes {
			deliveries, keys = append(deliveries, delivery{graph: &changes[j]}), append(keys, changes[j].key())
		}
	}
	return deliveries, keys, nil
}

// abandon says what was not delivered, if there is something.
func (h *Webhook) abandon(because error) error {
	undelivered, handling := h.queue.Abandon()
	if len(undelivered) == 0 && handling == 0 {
		return nil
	}
	e := &UndeliveredError{Handling: handling, Err: because}
	for _, d := range undelivered {
		if d.graph != nil {
			e.GraphUpdates = append(e.GraphUpdates, d.graph)
		} else {
			e.Updates = append(e.Updates, d.update)
		}
	}
	return e
}
