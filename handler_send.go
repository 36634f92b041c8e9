package instagram

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/igv1/instagram/internal/bounded"
	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/resend"
)

// sendRequest makes one request and reads the answer to it. It is the last stage of the chain.
func sendRequest(ctx context.Context, x *exchange) *Error {
	x.attempts++
	x.answer = answer{}
	ctx, cancel := x.withDeadline(ctx)
	defer cancel()
	ctx, sent := resend.Limit(ctx, x.core.retry.MaxAttempts-x.attempts+1)
	defer sent.Stop()
	res, err := x.request(ctx)
	x.attempts += sent.Repeats()
	if err != nil {
		return x.error(resend.Cause(ctx, err, sent.Reached() && x.call.method != http.MethodGet))
	}
	defer res.Body.Close()
	x.answer = newAnswer(res)
	if res.StatusCode < 200 {
		return x.error(invalidResponse{errNotFinal}) // the connection may no longer be HTTP, and never end
	}

	// Not every transport ends a body with its context.
	defer context.AfterFunc(ctx, func() { res.Body.Close() })()
	body, err := bounded.Read(res.Body, res.ContentLength, x.core.maxBody)
	if err != nil {
		return x.error(bodyError(ctx, err))
	}
	defer body.Release()
	if x.core.watched() {
		x.answer.whole = slices.Clone(body.Bytes())
	}
	e := x.judge(body.Bytes())
	if e != nil {
		x.answer.body = string(body.Bytes()[:min(len(body.Bytes()), 2*maxErrorBody)])
		x.credentials.secrets.Add(redact.Credentials(body.Bytes())...) // its message may repeat them
	}
	return e
}

var (
	errNotFinal = errors.New("its status says that another answer follows")
	errEmpty    = errors.New("it is empty")
)

// request sends the parameters as a form for POST, as clients of the API always did, and in the
// query for the other methods.
func (x *exchange) request(ctx context.Context) (*http.Response, error) {
	req := x.core.http.R().SetContext(ctx).SetHeaderMultiValues(x.credentials.header).SetHeader("User-Agent", x.core.userAgent)
	if x.call.method == http.MethodPost {
		req.SetFormDataFromValues(x.credentials.params)
	} else {
		req.SetQueryParamsFromValues(x.credentials.params)
	}
	res, err := req.Execute(x.call.method, x.call.api.base+x.call.path)
	if err != nil {
		return nil, err // net/http has closed the body of a redirect that was refused
	}
	return res.RawResponse, nil
}

// judge reads the status and the body: it returns nil if the call went well, and otherwise an error
// with what the answer says.
func (x *exchange) judge(body []byte) *Error {
	status := x.answer.status
	if status == http.StatusNoContent && x.call.method != http.MethodGet {
		return nil
	}
	if status < 200 || status > 299 {
		e := x.error(nil)
		x.call.api.readError(e, body)
		return e
	}
	if len(bytes.TrimSpace(body)) == 0 && x.answer.framed && !x.call.mayBeEmpty { // one that is not framed may have been cut off
		return x.error(invalidResponse{errEmpty})
	}
	meta, err := x.read(body)
	if err == nil && !meta.failed() {
		return nil
	}
	e := x.error(nil)
	if x.call.api.readError(e, body) {
		return e
	}
	if err != nil {
		e.Err = invalidResponse{err}
		return e
	}
	return nil
}

// bodyError returns what the body of an answer could not be read with. One that does not decompress
// is as invalid as one that does not decode.
func bodyError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err() // the body was closed because of it
	}
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		return invalidResponse{err}
	}
	return err
}
