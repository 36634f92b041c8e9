package instagram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/igv1/instagram/internal/redact"
	"golang.org/x/oauth2"
)

// redactErrors takes the secrets out of the error of a call.
func redactErrors(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		e := next(ctx, x)
		if e != nil {
			x.credentials.redact(e)
		}
		return e
	}
}

// maxMessage bounds what an error keeps of a server's message, in bytes.
const maxMessage = 1 << 10

// secrets are what must not show in the errors of a call.
type secrets []string

// hide adds a secret.
func (s *secrets) hide(secret string) {
	if secret != "" {
		*s = append(*s, secret)
	}
}

// redact takes the secrets out of an error that is about to be returned, and
// cuts what the server says too much.
func (s secrets) redact(e *Error) {
	e.Message = s.clean(e.Message)
	e.Type = ErrorType(s.clean(string(e.Type)))
	e.TraceID = s.clean(e.TraceID)
	e.Err = s.redactCause(e.Err)
}

// redactCause returns err as it is unless it, or what it wraps, shows a secret
// in any form in which errors are printed.
func (s secrets) redactCause(err error) error {
	if err == nil || !s.exposedBy(err) {
		return err
	}
	r := redacted{text: s.clean(fmt.Sprint(err)), err: err}
	for _, cause := range causes(err) {
		r.causes = append(r.causes, s.redactCause(cause))
	}
	return r
}

func (s secrets) exposedBy(err error) bool {
	text := fmt.Sprint(err)
	if len(text) > maxMessage || s.in(text) || s.in(fmt.Sprintf("%+v %#v", err, err)) {
		return true
	}
	if answer, ok := err.(*oauth2.RetrieveError); ok && s.in(string(answer.Body)) { //nolint:errorlint // what it wraps comes next
		return true
	}
	return slices.ContainsFunc(causes(err), s.exposedBy)
}

// causes are what an error wraps.
func causes(err error) []error {
	switch err := err.(type) { //nolint:errorlint // one step at a time
	case interface{ Unwrap() error }:
		if cause := err.Unwrap(); cause != nil {
			return []error{cause}
		}
	case interface{ Unwrap() []error }:
		return err.Unwrap()
	}
	return nil
}

// maxScanned bounds the texts that secrets are looked for in, in bytes.
const maxScanned = 8 * maxMessage

// clean returns text without the secrets: with a mark for each that stands
// there as it is, and the mark alone if one is there in disguise, or if there is
// too much to look through. It cuts a long text afterwards, for half a secret
// shows too.
func (s secrets) clean(text string) string {
	if len(text) > maxScanned {
		return redact.Mark
	}
	longestFirst := func(a, b string) int { return cmp.Compare(len(b), len(a)) } // one may be part of another
	for _, secret := range slices.SortedFunc(slices.Values(s), longestFirst) {
		text = mask(text, secret)
	}
	if s.in(text) {
		return redact.Mark
	}
	return cut(text)
}

// in reports whether text holds a secret, as it is or as servers, proxies and
// transports repeat it: escaped up to three times, in one way or in several.
func (s secrets) in(text string) bool { return len(text) > maxScanned || s.within(text, 3) }

func (s secrets) within(text string, escapes int) bool {
	for _, secret := range s {
		if mask(text, secret) != text {
			return true
		}
	}
	if escapes == 0 {
		return false
	}
	return slices.ContainsFunc(unescapers, func(unescape func(string) string) bool {
		plain := unescape(text)
		return plain != text && s.within(plain, escapes-1)
	})
}

// unescapers undo the escapes of HTML, of URLs (%2e), and of quoted strings
// (\u002e, \U0000002e and \.). They leave alone what is no escape.
var unescapers = []func(string) string{
	html.UnescapeString,
	func(text string) string {
		return inURL.ReplaceAllStringFunc(text, func(escape string) string {
			b, _ := strconv.ParseUint(escape[1:], 16, 8)
			return string([]byte{byte(b)})
		})
	},
	func(text string) string {
		return inQuotes.ReplaceAllStringFunc(text, func(escape string) string {
			if r, _, _, err := strconv.UnquoteChar(escape, 0); err == nil && len(escape) > len(`\.`) {
				return string(r)
			}
			return escape[1:]
		})
	},
}

var (
	inURL    = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	inQuotes = regexp.MustCompile(`\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\.`)
)

// shortSecret is the length below which a secret is looked for as a whole word
// only: a test's token may be "t" or "token", and messages full of both.
const shortSecret = 16

// mask replaces a secret where it stands in text.
func mask(text, secret string) string {
	if secret == "" {
		return text
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, secret)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if len(secret) < shortSecret && (endsInWord(before) || startsWithWord(after)) {
			b.WriteString(secret)
		} else {
			b.WriteString(redact.Mark)
		}
		text = after
	}
}

func startsWithWord(text string) bool { return text != "" && isWord(text[0]) }
func endsInWord(text string) bool     { return text != "" && isWord(text[len(text)-1]) }

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}

// cut bounds what an error keeps of a text that came from elsewhere.
func cut(text string) string {
	if len(text) <= maxMessage {
		return text
	}
	return strings.ToValidUTF8(text[:maxMessage], "") + "..."
}

// redacted is an error whose text held a secret. It still answers errors.Is,
// and wraps what else that error wrapped, redacted as well.
type redacted struct {
	text   string
	err    error
	causes []error
}

func (r redacted) Error() string                 { return r.text }
func (r redacted) Is(target error) bool          { return errors.Is(r.err, target) }
func (r redacted) Unwrap() []error               { return r.causes }
func (r redacted) Format(f fmt.State, verb rune) { fmt.Fprint(f, r.text) }
