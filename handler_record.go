package instagram

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/igv1/instagram/internal/dump"
	"github.com/igv1/instagram/internal/record"
	"github.com/igv1/instagram/internal/redact"
)

// A Recording is an answer and what it is the answer to. It holds no secrets, as [WithRecorder]
// says.
type Recording struct {
	Time   time.Time   // when the answer was there
	Method string      // GET, POST or DELETE
	Path   string      // what follows the base URL, escaped
	Params url.Values  // of the query or the form, less what authenticates
	Status int         // HTTP status
	Header http.Header // less what authenticates
	Body   []byte
}

// A Recorder keeps answers, see [WithRecorder]. It must be safe for concurrent use. The context is
// that of the call, which goes on when the Recorder returns.
type Recorder func(context.Context, *Recording) error

// RecordTo returns a [Recorder] that writes each answer to a file of its own in a directory, which
// it makes if need be. What is there stays. The names sort in the order in which the answers came
// and end in the path of the request, and in .json, or in .txt for what is no JSON:
//
//	20161109T174503Z-000001-users-self-media-recent.json
//
// [DecodeAll], [DecodePage] and [Decode] read such a file, and instagramtest.WithData makes the
// world of a server of the directory.
func RecordTo(dir string) Recorder {
	files := record.New(dir)
	return func(_ context.Context, r *Recording) error {
		if r == nil {
			return &ParameterError{"recording", "it is nil"}
		}
		return files.Write(r.Method, r.Path, r.Body)
	}
}

// recordAnswer hands each answer to those who keep it, and each exchange to who prints it, without
// the secrets.
func recordAnswer(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		if !x.core.watched() {
			return next(ctx, x)
		}
		start := time.Now()
		e := next(ctx, x)
		x.credentials.secrets.Add(redact.Credentials(x.answer.whole)...)
		r, err := x.recording(ctx)
		if err != nil {
			x.core.warn(ctx, "instagram: an answer was not recorded", err)
		} else if x.answer.whole != nil {
			for _, record := range x.core.recorders {
				if err := record(ctx, r); err != nil {
					x.core.warn(ctx, "instagram: an answer was not recorded", x.secrets().Error(err, redact.MaxText))
				}
			}
		}
		if x.core.debug != nil {
			x.print(r, time.Since(start), e)
		}
		return e
	}
}

// watched reports whether somebody is handed answers.
func (c *core) watched() bool { return len(c.recorders) > 0 || c.debug != nil }

// authenticating are the parameters whose values are secrets.
var authenticating = []string{"access_token", "client_secret", "code", "sig", "verify_token"}

// recording is what may be known of the last request and its answer. An error is that of the
// context, which ended before the answer was looked through.
func (x *exchange) recording(ctx context.Context) (*Recording, error) {
	secrets := x.secrets()
	body, err := secrets.Document(ctx, x.answer.whole)
	r := &Recording{
		Time:   time.Now(),
		Method: x.call.method,
		Path:   secrets.Clean(x.call.path, redact.MaxText),
		Params: secrets.Params(x.credentials.params, authenticating...),
		Status: x.answer.status,
		Header: secrets.Header(x.answer.header),
		Body:   body,
	}
	return r, err
}

// print shows the last request, with a mark for what authenticated it, and what came of it.
func (x *exchange) print(r *Recording, took time.Duration, e *Error) {
	shown := &dump.Exchange{
		Method: r.Method, URL: x.secrets().Clean(x.call.api.base, redact.MaxText) + r.Path, Duration: took,
		Status: r.Status, Header: r.Header, Body: r.Body,
	}
	query := r.Params.Encode()
	for _, name := range authenticating {
		if x.credentials.params.Has(name) {
			query += "&" + name + "=" + redact.Mark
		}
	}
	query = strings.TrimPrefix(query, "&")
	switch {
	case r.Method == http.MethodPost:
		shown.Form = query
	case query != "":
		shown.URL += "?" + query
	}
	if e != nil && e.Err != nil {
		shown.Err = x.secrets().Clean(e.Err.Error(), redact.MaxText)
	}
	x.core.debug.Print(shown)
}
