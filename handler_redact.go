package instagram

import (
	"context"

	"github.com/igv1/instagram/internal/redact"
)

// maxErrorBody bounds what an error keeps of an answer, in bytes.
const maxErrorBody = 4 << 10

// redactErrors takes the secrets out of the error of a call: what the client holds, what any
// attempt was sent with, and what an answer to the call gave away.
func redactErrors(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		if e := next(ctx, x); e != nil {
			return x.redact(e)
		}
		return nil
	}
}

// redact takes the secrets out of an error, and puts in what may be known of the answer.
func (x *exchange) redact(e *Error) *Error {
	secrets := x.secrets()
	if hint := x.call.api.hint; hint != nil {
		e.hint = hint(e, x.call.api.base, x.credentials.params.Get("access_token"), x.call.hint)
	}
	e.Endpoint = x.endpoint()
	e.Message = secrets.Clean(e.Message, redact.MaxText)
	e.Type = ErrorType(secrets.Clean(string(e.Type), redact.MaxText))
	e.TraceID = secrets.Clean(e.TraceID, redact.MaxText)
	e.Header = secrets.Header(x.answer.header)
	e.Body = secrets.Text(x.answer.body, maxErrorBody)
	e.Err = secrets.Error(e.Err, redact.MaxText)
	return e
}

// endpoint names what the call is for. One that a user wrote may hold anything.
func (x *exchange) endpoint() string {
	if x.call.raw {
		return x.secrets().Clean(x.call.endpoint, redact.MaxText)
	}
	return x.call.endpoint
}

// secrets are what must not show in what a call leads to.
func (x *exchange) secrets() *redact.Set {
	secrets := &x.credentials.secrets
	token, renewal := x.core.tokens.Known()
	secrets.Add(x.core.clientSecret.Reveal(), token, renewal)
	return secrets
}
