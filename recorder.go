package instagram

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/igv1/instagram/internal/dump"
	"github.com/igv1/instagram/internal/record"
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

// WithRecorder hands each answer that there is to a Recorder, those that tell of an error and those
// of attempts that are repeated too. [RecordTo] keeps them in a directory. An error of the Recorder
// does not fail the call: it is logged, to the client's logger or else to [slog.Default]. The option
// may be used several times.
//
// Before that, secrets become [redacted]: those of the call, in whatever form they stand there, and
// what members and parameters are named as, such as access_token. In JSON all else stays as it was,
// byte for byte, so that the models read it; but strings of over 8 KiB become [redacted] as well. Of
// a body that is no JSON, the first 8 KiB are kept.
func WithRecorder(recorder Recorder) Option {
	return func(c *config) error {
		if recorder == nil {
			return &ParameterError{"recorder", "it is nil"}
		}
		c.recorders = append(slices.Clip(c.recorders), recorder)
		return nil
	}
}

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
	return func(_ context.Context, r *Recording) error { return files.Write(r.Method, r.Path, r.Body) }
}

// WithDebug prints each request and its answer, or what came in its place: for somebody who looks
// for what is wrong, not for a program to read. Secrets are masked as for [WithRecorder], and of a
// body 4 KiB are printed. An exchange is one Write.
func WithDebug(w io.Writer) Option {
	return func(c *config) error {
		if w == nil {
			return &ParameterError{"debug writer", "it is nil"}
		}
		c.debug = dump.New(w)
		return nil
	}
}

// warn logs what is no error of the call.
func (c *core) warn(ctx context.Context, message string, err error) {
	cmp.Or(c.logger, slog.Default()).LogAttrs(ctx, slog.LevelWarn, message, slog.Any("error", err))
}
