package instagram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/go-resty/resty/v2"
)

// An api is one of the servers that a Client speaks to: where its endpoints
// are, how credentials get onto a request for them, and how its answers say
// that a call failed.
type api struct {
	base      string // without a trailing slash
	authorize func(*Client, *call) (credentials, error)

	// readError takes into the error what the body says went wrong, and reports
	// whether it says so.
	readError func(*Error, []byte) bool
}

// call starts the description of a request to the v1 server.
func (c *Client) call(method, endpoint string, elements ...string) *call {
	return newCall(c.v1, method, endpoint, elements)
}

// maxMessage bounds what an error keeps of a server's message, in bytes.
const maxMessage = 1 << 10

// do takes a call along the one path that every call takes: checked
// parameters, credentials, the request, status and envelope. What decode makes
// of the body stays with the caller; the body is gone when do returns.
func (c *Client) do(ctx context.Context, call *call, decode func(body []byte) (MetaData, error)) (RateLimit, error) {
	failure := call.failure(nil)
	if call.err != nil {
		return RateLimit{}, call.failure(call.err)
	}
	if ctx == nil {
		return RateLimit{}, call.failure(&ParameterError{"ctx", "it is nil"})
	}
	if err := ctx.Err(); err != nil {
		return RateLimit{}, call.failure(err)
	}
	creds, err := call.api.authorize(c, call)
	if err != nil {
		return RateLimit{}, creds.redact(failure.because(err))
	}
	res, err := c.send(ctx, call, creds)
	if err != nil {
		return RateLimit{}, creds.redact(failure.because(err))
	}
	defer res.Body.Close()
	failure.StatusCode = res.StatusCode
	failure.RateLimit = rateLimitOf(res.Header)
	failure.RetryAfter = retryAfterOf(res.Header)

	body, err := readBody(res.Body, res.ContentLength, c.maxBody)
	if err != nil {
		return failure.RateLimit, creds.redact(failure.because(err))
	}
	defer body.release()
	if err := failure.judge(call.api, body.Bytes(), decode); err != nil {
		return failure.RateLimit, creds.redact(err)
	}
	return failure.RateLimit, nil
}

// send makes the request: a form for POST, as clients of the API always did,
// and the query for the rest.
func (c *Client) send(ctx context.Context, call *call, creds credentials) (*http.Response, error) {
	req := c.http.R().SetContext(ctx).SetHeaderMultiValues(creds.header)
	if call.method == http.MethodPost {
		req.SetFormDataFromValues(creds.params)
	} else {
		req.SetQueryParamsFromValues(creds.params)
	}
	res, err := req.Execute(call.method, call.api.base+call.path)
	if err != nil {
		var withURL *url.Error // its text holds the query, and so the token
		if errors.As(err, &withURL) {
			err = withURL.Err
		}
		if errors.Is(err, io.EOF) { // to a pager's user, io.EOF is the end of the list
			err = io.ErrUnexpectedEOF
		}
		closeBody(res)
		return nil, err
	}
	return res.RawResponse, nil
}

// closeBody closes what net/http hands over beside an error when it refuses a redirect.
func closeBody(res *resty.Response) {
	if res != nil && res.RawResponse != nil {
		res.RawResponse.Body.Close()
	}
}

// judge reads the status and the envelope: nil if the call went well, or e
// filled in with what the answer says.
func (e *Error) judge(api *api, body []byte, decode func([]byte) (MetaData, error)) error {
	if e.StatusCode == http.StatusNoContent && e.Method != http.MethodGet {
		return nil
	}
	if e.StatusCode < 200 || e.StatusCode > 299 {
		api.readError(e, body)
		return e
	}
	meta, err := decode(body)
	if (meta.failed() || err != nil) && api.readError(e, body) {
		return e
	}
	if err != nil {
		return e.because(invalidResponse{err})
	}
	return nil
}

// readMeta is the readError of v1, whose answers say it in meta.
func (e *Error) readMeta(body []byte) bool {
	meta, _ := decodeMeta(body)
	_ = e.answered(meta)
	return meta.failed()
}

func (e *Error) answered(meta MetaData) error {
	e.Code, e.Type, e.Message = meta.Code, meta.ErrorType, meta.ErrorMessage
	return e
}

// failure returns the error of a call that ended because of err.
func (c *call) failure(err error) *Error {
	return &Error{Method: c.method, Endpoint: c.endpoint, Err: err}
}

func (e *Error) because(err error) *Error {
	e.Err = err
	return e
}

// checkRedirect follows up to three redirects that stay where the user pointed
// the client to. A method that turns into GET would report a write as done.
func checkRedirect(req *http.Request, via []*http.Request) error {
	req.Header.Del("Referer") // the URL that redirected holds the token
	first := via[0]
	switch {
	case req.URL.Host != first.URL.Host:
		return fmt.Errorf("%w: to another host", ErrRedirect)
	case first.URL.Scheme == "https" && req.URL.Scheme != "https":
		return fmt.Errorf("%w: away from https", ErrRedirect)
	case req.Method != first.Method:
		return fmt.Errorf("%w: from %s to %s", ErrRedirect, first.Method, req.Method)
	case len(via) > 3:
		return fmt.Errorf("%w: over 3 in a row", ErrRedirect)
	}
	return nil
}

// get, getList and getPage are how service methods end: with one object, with
// all there is, or with one page of it.

func get[T Model](ctx context.Context, c *Client, call *call) (*T, error) {
	data, err := getOptional[T](ctx, c, call)
	if err == nil && data == nil {
		err = call.failure(invalidResponse{errNoData})
	}
	return data, err
}

var errNoData = errors.New("it has no data")

// getOptional is get for answers that may be null.
func getOptional[T Model](ctx context.Context, c *Client, call *call) (*T, error) {
	var data *T
	_, err := c.do(ctx, call, func(body []byte) (MetaData, error) {
		answer, err := decodeObject[T](body)
		data = answer.Data
		return answer.Meta, err
	})
	if err != nil {
		return nil, err
	}
	return data, nil
}

func getList[T Model](ctx context.Context, c *Client, call *call) ([]*T, error) {
	page, err := getPage[T](ctx, c, call)
	if err != nil {
		return nil, err
	}
	return page.Items, nil
}

func getPage[T Model](ctx context.Context, c *Client, call *call) (*Page[T], error) {
	var page Page[T]
	limit, err := c.do(ctx, call, func(body []byte) (MetaData, error) {
		answer, err := decodeList[T](body, c.lenient)
		page = Page[T]{Items: answer.Items, Pagination: answer.Pagination, Meta: answer.Meta, Skipped: answer.Skipped}
		return answer.Meta, err
	})
	if err != nil {
		return nil, err
	}
	page.RateLimit = limit
	return &page, nil
}

// send ignores the data of an answer; writes have none.
func send(ctx context.Context, c *Client, call *call) error {
	_, err := c.do(ctx, call, func(body []byte) (MetaData, error) {
		meta, ok := decodeMeta(body)
		if !ok {
			return meta, errNoMeta
		}
		return meta, nil
	})
	return err
}

var errNoMeta = errors.New("it has no meta")
