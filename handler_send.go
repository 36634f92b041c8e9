package instagram

import (
	"cmp"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"

	"github.com/go-resty/resty/v2"
	"github.com/igv1/instagram/internal/redact"
)

// sendRequest makes one request and reads the answer to it. It is the last stage of the chain.
func sendRequest(ctx context.Context, x *exchange) *Error {
	x.attempts++
	x.answer = answer{}
	ctx, cancel := x.withDeadline(ctx)
	defer cancel()
	res, err := x.request(ctx)
	if err != nil {
		return x.error(err)
	}
	defer res.Body.Close()
	said := rateLimitOf(res.Header)
	x.answer = answer{res.StatusCode, said, cmp.Or(retryAfterOf(res.Header), said.BusinessUsage.RegainAccess)}

	body, err := readBody(res.Body, res.ContentLength, x.core.maxBody)
	if err != nil {
		return x.error(bodyError(err))
	}
	defer body.release()
	e := x.judge(body.Bytes())
	if e != nil {
		x.credentials.secrets.Add(redact.Credentials(body.Bytes())...) // its message may repeat them
	}
	return e
}

// request sends the parameters as a form for POST, as clients of the API always did, and in the
// query for the other methods.
func (x *exchange) request(ctx context.Context) (*http.Response, error) {
	ctx, connected := traced(ctx, x.call)
	req := x.core.http.R().SetContext(ctx).SetHeaderMultiValues(x.credentials.header)
	if x.call.method == http.MethodPost {
		req.SetFormDataFromValues(x.credentials.params)
	} else {
		req.SetQueryParamsFromValues(x.credentials.params)
	}
	res, err := req.Execute(x.call.method, x.call.api.base+x.call.path)
	if err != nil {
		closeBody(res)
		return nil, transportError(err, connected)
	}
	return res.RawResponse, nil
}

// judge reads the status and the body: it returns nil if the call went well, and otherwise an error
// with what the answer says.
func (x *exchange) judge(body []byte) *Error {
	e := x.error(nil)
	if e.StatusCode == http.StatusNoContent && e.Method != http.MethodGet {
		return nil
	}
	if e.StatusCode < 200 || e.StatusCode > 299 {
		x.call.api.readError(e, body)
		return e
	}
	meta, err := x.read(body)
	if (meta.failed() || err != nil) && x.call.api.readError(e, body) {
		return e
	}
	if err != nil {
		e.Err = invalidResponse{err}
		return e
	}
	return nil
}

// closeBody closes what net/http hands over beside an error when it refuses a redirect.
func closeBody(res *resty.Response) {
	if res != nil && res.RawResponse != nil {
		res.RawResponse.Body.Close()
	}
}

// traced notes whether the request of a write gets a connection, because a server may act on
// whatever went into one.
func traced(ctx context.Context, call *call) (context.Context, *atomic.Bool) {
	connected := new(atomic.Bool)
	if call.method != http.MethodGet {
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
		})
	}
	return ctx, connected
}

// transportError returns what a request without an answer failed with.
func transportError(err error, connected *atomic.Bool) error {
	if withURL, ok := errors.AsType[*url.Error](err); ok {
		err = withURL.Err // its text holds the query, and so the token
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && !connected.Load() && (op.Op == "dial" || op.Op == "proxyconnect") {
		return neverSent{err}
	}
	if errors.Is(err, io.EOF) { // to a pager's user, io.EOF is the end of the list
		err = io.ErrUnexpectedEOF
	}
	return err
}

// neverSent marks the error of a request of which nothing reached the server, because no connection
// was made for it.
type neverSent struct{ err error }

func (e neverSent) Error() string { return e.err.Error() }
func (e neverSent) Unwrap() error { return e.err }

// bodyError returns what the body of an answer could not be read with. One that does not decompress
// is as invalid as one that does not decode.
func bodyError(err error) error {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		return invalidResponse{err}
	}
	return err
}
