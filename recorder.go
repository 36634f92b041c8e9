package instagram

import (
	"context"
	"net/http"
	"net/url"
	"time"

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
