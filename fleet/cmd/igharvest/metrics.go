package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/igv1/instagram/fleet/internal/archive"
	"github.com/igv1/instagram/fleet/internal/harvest"
)

// newMetrics has the worker count into a registry. What is of the whole harvest is looked up when
// it is asked for.
func newMetrics(w *watch, worker *harvest.Worker) *prometheus.Registry {
	registry := prometheus.NewRegistry()
	o := &observer{
		pages:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "igharvest_pages_total", Help: "Pages that this worker saved."}, []string{"kind"}),
		media:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "igharvest_media_total", Help: "Media on them."}, []string{"kind"}),
		lists:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "igharvest_lists_total", Help: "Lists that this worker had, and what became of them."}, []string{"kind", "result"}),
		superseded: prometheus.NewCounter(prometheus.CounterOpts{Name: "igharvest_superseded_total", Help: "Lists that went to another worker while this one had them."}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "igharvest_page_seconds", Help: "From the wish for a page, waits for the budget included, to its answer.",
			Buckets: prometheus.ExponentialBuckets(0.01, 4, 10),
		}),
	}
	registry.MustRegister(o.pages, o.media, o.lists, o.superseded, o.took, &fleetCollector{w},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	worker.Observer = o
	return registry
}

// An observer counts what a worker does.
type observer struct {
	pages, media, lists *prometheus.CounterVec
	superseded          prometheus.Counter
	took                prometheus.Histogram
}

func (o *observer) Page(kind archive.Kind, media int, took time.Duration) {
	o.pages.WithLabelValues(string(kind)).Inc()
	o.media.WithLabelValues(string(kind)).Add(float64(media))
	o.took.Observe(took.Seconds())
}

func (o *observer) Done(kind archive.Kind, _ int) {
	o.lists.WithLabelValues(string(kind), "done").Inc()
}

func (o *observer) Failed(kind archive.Kind, buried bool) {
	result := "again"
	if buried {
		result = "dead"
	}
	o.lists.WithLabelValues(string(kind), result).Inc()
}

func (o *observer) Superseded() { o.superseded.Inc() }

// A fleetCollector tells of the whole harvest.
type fleetCollector struct{ *watch }

var (
	listsDesc   = prometheus.NewDesc("igharvest_fleet_lists", "Lists of the run, by state; the dead are those of all runs.", []string{"state"}, nil)
	workersDesc = prometheus.NewDesc("igharvest_fleet_workers", "Workers that are running.", nil, nil)
	budgetDesc  = prometheus.NewDesc("igharvest_token_calls_left", "Calls that are left to a token in its hour.", []string{"token"}, nil)
	limitDesc   = prometheus.NewDesc("igharvest_token_calls_limit", "Calls that a token has in an hour.", []string{"token"}, nil)
)

func (*fleetCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{listsDesc, workersDesc, budgetDesc, limitDesc} {
		ch <- d
	}
}

// Collect leaves out what it cannot learn, while NATS is away.
func (c *fleetCollector) Collect(ch chan<- prometheus.Metric) {
	v, err := c.look(context.Background())
	if err != nil {
		return
	}
	gauge := func(d *prometheus.Desc, n int, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...)
	}
	gauge(listsDesc, v.Done, "done")
	gauge(listsDesc, v.Running, "running")
	gauge(listsDesc, v.Waiting, "waiting")
	gauge(listsDesc, v.Status.Dead, "dead")
	gauge(workersDesc, len(v.Workers))
	for _, t := range v.Tokens {
		gauge(budgetDesc, t.Left, t.Name)
		gauge(limitDesc, t.Limit, t.Name)
	}
}
