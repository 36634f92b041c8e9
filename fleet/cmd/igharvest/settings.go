package main

import (
	"flag"
	"time"

	"github.com/igv1/instagram/fleet"
	"github.com/igv1/instagram/fleet/internal/harvest"
)

// settings are what the flags say.
type settings struct {
	out, nats, credentials string
	queue                  harvest.Config
	hour                   time.Duration

	users, tags, locations string
	tokens, baseURL        string
	secrets                []secret // what the file of tokens holds, once it was read
	parallel, count        int
	calls                  int
	stay, lenient          bool
	http                   string
	backoff                time.Duration

	dead bool
}

func (s *settings) commonFlags(f *flag.FlagSet) {
	f.StringVar(&s.out, "out", "", "the `directory` of the harvest; all its workers need to see the same one")
	f.StringVar(&s.nats, "nats", "", "the `URL` of a NATS server or cluster with JetStream (default: one in a process on -out, for this machine)")
	f.StringVar(&s.credentials, "nats-creds", "", "the `file` with the credentials for -nats")
	f.StringVar(&s.queue.Name, "name", "harvest", "of the harvest, where several share a NATS server")
	f.IntVar(&s.queue.Replicas, "replicas", 1, "how many servers of a NATS cluster hold what is made there; whoever starts the harvest decides")
	f.DurationVar(&s.queue.Lease, "lease", 12*time.Second, "after how long without a sign of life work goes to another worker; whoever starts the harvest decides")
	f.IntVar(&s.queue.Attempts, "attempts", 8, "how often a list is tried before it is set aside; whoever starts the harvest decides")
	f.DurationVar(&s.hour, "hour", time.Hour, "how long the server's hour is: shorter for a server whose clock runs faster")
}

func noFlags(*flag.FlagSet, *settings) {}

func listFlags(f *flag.FlagSet, s *settings) {
	f.StringVar(&s.users, "users", "", "a `file` with ids of users, one a line; - is the standard input")
	f.StringVar(&s.tags, "tags", "", "a `file` with tags, one a line")
	f.StringVar(&s.locations, "locations", "", "a `file` with ids of places, one a line")
}

func statusFlags(f *flag.FlagSet, s *settings) {
	f.StringVar(&s.tokens, "tokens", "", "the `file` with the tokens, to call them by their names")
	f.BoolVar(&s.dead, "dead", false, "list those that could not be read, and why")
}

func runFlags(f *flag.FlagSet, s *settings) {
	listFlags(f, s)
	f.StringVar(&s.tokens, "tokens", "", "a `file` with access tokens, one a line, with a name before it or not")
	f.StringVar(&s.baseURL, "base-url", "", "the v1 server, such as https://api.example.com/v1")
	f.IntVar(&s.parallel, "parallel", 4, "how many lists to read at a time")
	f.IntVar(&s.count, "count", 33, "how many media to ask for at a time; 0 leaves it to the server")
	f.IntVar(&s.calls, "calls", 0, "how many calls an hour to make with a token (default: as many as the server says)")
	f.DurationVar(&s.backoff, "backoff", 5*time.Second, "before the second attempt at a list, then doubled")
	f.BoolVar(&s.stay, "stay", false, "wait for more when all is read")
	f.BoolVar(&s.lenient, "lenient", false, "leave out media that do not decode, rather than set the list aside")
	f.StringVar(&s.http, "http", "", "the `address` for a page and metrics, such as 127.0.0.1:8080")
}

// limits are those of a queue as it was agreed on.
func (s *settings) limits(queue harvest.Config) fleet.Limits {
	return fleet.Limits{FailFast: true, Hour: s.hour, Calls: s.calls, Replicas: queue.Replicas}
}
