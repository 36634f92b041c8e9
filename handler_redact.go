package instagram

import (
	"context"

	"github.com/igv1/instagram/internal/redact"
)

// redactErrors takes the secrets out of the error of a call: what the client holds, what any
// attempt was sent with, and what an answer to the call gave away.
func redactErrors(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		e := next(ctx, x)
		if e == nil {
			return nil
		}
		secrets := x.secrets()
		e.Message = secrets.Clean(e.Message, redact.MaxText)
		e.Type = ErrorType(secrets.Clean(string(e.Type), redact.MaxText))
		e.TraceID = secrets.Clean(e.TraceID, redact.MaxText)
		e.Err = secrets.Error(e.Err, redact.MaxText)
		return e
	}
}

// secrets are what must not show in what a call leads to.
func (x *exchange) secrets() *redact.Set {
	secrets := &x.credentials.secrets
	secrets.Add(x.core.clientSecret.Reveal())
	secrets.Add(x.core.tokens.Known()...)
	return secrets
}
