package instagram

import (
	"context"
	"errors"
	"net/http"
	"time"

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

	hourly bool // whether its calls count against the hourly limits of the token
}

// call starts the description of a request to the v1 server.
func (c *Client) call(method, endpoint string, elements ...string) *call {
	return newCall(c.v1, method, endpoint, elements)
}

// maxMessage bounds what an error keeps of a server's message, in bytes.
const maxMessage = 1 << 10

// A handler is a stage of the path that a call takes.
type handler func(context.Context, *exchange) *Error

// path is the one path that every call takes. Each stage is beside what it is
// about, knows only the next one, and knows no endpoint:
//
//	logged      one line, when the call is over
//	masked      no secret leaves in an error
//	checked     what cannot be sent ends here
//	retried     from here on as often as is allowed and helps
//	authorized  credentials, asked for again each time
//	limited     the request waits for its turn
//	metered     what the answer says of the budget is kept
//	exchanged   request, answer, and what the answer means
var path = logged(masked(checked(retried(authorized(limited(metered(exchanged)))))))

// An exchange is a call on its way along the path.
type exchange struct {
	client *Client
	call   *call
	decode func(body []byte) (MetaData, error)

	deadline time.Time   // for all attempts; zero for none
	creds    credentials // of the last attempt
	attempts int         // how many requests were made
	answer   answer      // to the last of them; zero if there was none
}

// answer is what an answer says beside its body.
type answer struct {
	status     int
	rateLimit  RateLimit
	retryAfter time.Duration
}

// do takes a call along the path. What decode makes of the body stays with the
// caller; the body is gone when do returns. A call that is retried has decode
// called again.
func (c *Client) do(ctx context.Context, call *call, decode func(body []byte) (MetaData, error)) (*exchange, error) {
	x := &exchange{client: c, call: call, decode: decode}
	if failure := path(ctx, x); failure != nil {
		return nil, failure
	}
	return x, nil
}

// failure returns the error of a call that ended because of err, or because of
// its last answer if err is nil.
func (x *exchange) failure(err error) *Error {
	failure := x.call.failure(err)
	failure.StatusCode = x.answer.status
	failure.RateLimit = x.answer.rateLimit
	failure.RetryAfter = x.answer.retryAfter
	failure.Attempts = x.attempts
	return failure
}

// checked ends calls whose parameters or context were wrong to begin with.
func checked(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		switch {
		case x.call.err != nil:
			return x.failure(x.call.err)
		case ctx == nil:
			return x.failure(&ParameterError{"ctx", "it is nil"})
		case ctx.Err() != nil:
			return x.failure(ctx.Err())
		}
		return next(ctx, x)
	}
}

// exchanged makes one request and reads the answer to it.
func exchanged(ctx context.Context, x *exchange) *Error {
	x.attempts++
	x.answer = answer{}
	if !x.deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, x.deadline)
		defer cancel()
	}
	res, err := x.client.send(ctx, x.call, x.creds)
	if err != nil {
		return x.failure(err)
	}
	defer res.Body.Close()
	x.answer = answer{res.StatusCode, rateLimitOf(res.Header), retryAfterOf(res.Header)}

	body, err := readBody(res.Body, res.ContentLength, x.client.maxBody)
	if err != nil {
		return x.failure(bodyError(err))
	}
	defer body.release()
	return x.failure(nil).judge(x.call.api, body.Bytes(), x.decode)
}

// send makes the request: a form for POST, as clients of the API always did,
// and the query for the rest.
func (c *Client) send(ctx context.Context, call *call, creds credentials) (*http.Response, error) {
	ctx, connected := traced(ctx, call)
	req := c.http.R().SetContext(ctx).SetHeaderMultiValues(creds.header)
	if call.method == http.MethodPost {
		req.SetFormDataFromValues(creds.params)
	} else {
		req.SetQueryParamsFromValues(creds.params)
	}
	res, err := req.Execute(call.method, call.api.base+call.path)
	if err != nil {
		closeBody(res)
		return nil, transportError(err, connected)
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
func (e *Error) judge(api *api, body []byte, decode func([]byte) (MetaData, error)) *Error {
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

func (e *Error) answered(meta MetaData) *Error {
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

// get, getList and getPage are how service methods end: with one object, with
// all there is, or with one page of it.

func get[T Model](ctx context.Context, c *Client, call *call) (*T, error) {
	data, x, err := getObject[T](ctx, c, call)
	if err == nil && data == nil {
		return nil, x.failure(invalidResponse{errNoData})
	}
	return data, err
}

var errNoData = errors.New("it has no data")

// getOptional is get for answers that may be null.
func getOptional[T Model](ctx context.Context, c *Client, call *call) (*T, error) {
	data, _, err := getObject[T](ctx, c, call)
	return data, err
}

func getObject[T Model](ctx context.Context, c *Client, call *call) (data *T, x *exchange, err error) {
	x, err = c.do(ctx, call, func(body []byte) (MetaData, error) {
		answer, err := decodeObject[T](body)
		data = answer.Data
		return answer.Meta, err
	})
	if err != nil {
		return nil, nil, err
	}
	return data, x, nil
}

// getList is never lenient: it has nowhere to say what it left out.
func getList[T Model](ctx context.Context, c *Client, call *call) (items []*T, err error) {
	_, err = c.do(ctx, call, func(body []byte) (MetaData, error) {
		answer, err := decodeList[T](body, false)
		items = answer.Items
		return answer.Meta, err
	})
	if err != nil {
		return nil, err
	}
	return items, nil
}

// getPage has around say where the pages around this one are.
func getPage[T Model](ctx context.Context, c *Client, call *call, around func(Pagination) (next, reverse Cursor, err error)) (*Page[T], error) {
	var page Page[T]
	x, err := c.do(ctx, call, func(body []byte) (MetaData, error) {
		answer, err := decodeList[T](body, c.lenient)
		page = Page[T]{Items: answer.Items, Pagination: answer.Pagination, Meta: answer.Meta, Skipped: answer.Skipped}
		if err == nil {
			page.next, page.reverse, err = around(page.Pagination)
		}
		return answer.Meta, err
	})
	if err != nil {
		return nil, err
	}
	page.RateLimit = x.answer.rateLimit
	return &page, nil
}

// send ignores the data of an answer; writes have none.
func send(ctx context.Context, c *Client, call *call) error {
	_, err := c.do(ctx, call, decodeMeta)
	return err
}
