package instagram

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/igv1/instagram/internal/bounded"
	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/resend"
)

// What programs branch on. Test for them with [errors.Is]; they match whatever shape the error came
// in.
var (
	// ErrRateLimited is a call over the hour's budget: try again later, see [Error.RetryAfter]. A
	// [LimitError] matches it too.
	ErrRateLimited = errors.New("instagram: rate limited")
	// ErrNotFound is an id that the server does not know.
	ErrNotFound = errors.New("instagram: not found")
	// ErrNotAllowed is what this user may not do or see, such as the media of a private user whom
	// they do not follow, and a call whose signature is wrong.
	ErrNotAllowed = errors.New("instagram: not allowed")
	// ErrUnauthorized is a token that is missing, wrong, expired or revoked: have the user sign in.
	ErrUnauthorized = errors.New("instagram: unauthorized")
	// ErrMissingScope is a permission that the user did not grant, see [Error.MissingScope].
	ErrMissingScope = errors.New("instagram: missing scope")
	// ErrInvalidParameters is input that the server refuses, or that was refused with a
	// [*ParameterError] before anything was sent.
	ErrInvalidParameters = errors.New("instagram: invalid parameters")
	// ErrUnavailable is any 5xx answer: the server is overloaded or broken.
	ErrUnavailable = errors.New("instagram: server unavailable")
	// ErrInvalidResponse is an answer that is not what the protocol promises: an HTML page, broken
	// JSON, a list where an object belongs.
	ErrInvalidResponse = errors.New("instagram: invalid response")
	// ErrPaginationLoop ends a list whose server hands out a cursor again.
	ErrPaginationLoop = errors.New("instagram: the server repeats a cursor")
	// ErrBodyTooLarge is an answer, or a recorded entry, that is longer than the limit; see
	// [WithMaxBodySize].
	ErrBodyTooLarge = bounded.ErrTooLarge
	// ErrRedirect is a redirect that is not followed: to another host, away from https, to another
	// method, or one too many.
	ErrRedirect = resend.ErrRedirect
)

// What goes wrong when a code is exchanged for a token. Test for them with [errors.Is].
var (
	// ErrInvalidCode is a code that was used before, has expired or is unknown: sign in again.
	ErrInvalidCode = errors.New("instagram: invalid code")
	// ErrRedirectURI is a redirect URI that is not the one registered for the app: the program or
	// its registration has to change.
	ErrRedirectURI = errors.New("instagram: redirect URI does not match")
)

// ErrorType is the error_type of an answer.
type ErrorType string

// The error types seen on the wire.
const (
	ErrorTypeOAuthException             ErrorType = "OAuthException"
	ErrorTypeOAuthAccessTokenException  ErrorType = "OAuthAccessTokenException"
	ErrorTypeOAuthAccessTokenError      ErrorType = "OAuthAccessTokenError"
	ErrorTypeOAuthPermissionsException  ErrorType = "OAuthPermissionsException"
	ErrorTypeOAuthParameterException    ErrorType = "OAuthParameterException"
	ErrorTypeOAuthClientException       ErrorType = "OAuthClientException"
	ErrorTypeOAuthForbiddenException    ErrorType = "OAuthForbiddenException"
	ErrorTypeOAuthRateLimitException    ErrorType = "OAuthRateLimitException"
	ErrorTypeAPINotAllowedError         ErrorType = "APINotAllowedError"
	ErrorTypeAPINotFoundError           ErrorType = "APINotFoundError"
	ErrorTypeAPIInvalidParametersError  ErrorType = "APIInvalidParametersError"
	ErrorTypeAPISubscriptionError       ErrorType = "APISubscriptionError"
	ErrorTypeAPICommentTooLongError     ErrorType = "APICommentTooLongError"
	ErrorTypeAPICommentTooManyTagsError ErrorType = "APICommentTooManyTagsError"
	ErrorTypeAPICommentAllCapsError     ErrorType = "APICommentAllCapsError"
	ErrorTypeAPIError                   ErrorType = "APIError"
	ErrorTypeNoAuthenticatedUser        ErrorType = "no authenticated user"
)

// sentinels says what an error type means for a program. Types that are not here say too little;
// the status decides.
var sentinels = map[ErrorType]error{
	ErrorTypeOAuthException:             ErrUnauthorized,
	ErrorTypeOAuthAccessTokenException:  ErrUnauthorized,
	ErrorTypeOAuthAccessTokenError:      ErrUnauthorized,
	ErrorTypeOAuthClientException:       ErrUnauthorized,
	ErrorTypeNoAuthenticatedUser:        ErrUnauthorized,
	ErrorTypeOAuthPermissionsException:  ErrMissingScope,
	ErrorTypeOAuthForbiddenException:    ErrNotAllowed,
	ErrorTypeAPINotAllowedError:         ErrNotAllowed,
	ErrorTypeOAuthRateLimitException:    ErrRateLimited,
	ErrorTypeAPINotFoundError:           ErrNotFound,
	ErrorTypeOAuthParameterException:    ErrInvalidParameters,
	ErrorTypeAPIInvalidParametersError:  ErrInvalidParameters,
	ErrorTypeAPISubscriptionError:       ErrInvalidParameters,
	ErrorTypeAPICommentTooLongError:     ErrInvalidParameters,
	ErrorTypeAPICommentTooManyTagsError: ErrInvalidParameters,
	ErrorTypeAPICommentAllCapsError:     ErrInvalidParameters,
}

// An Error is why a call failed. Every error that a call returns is one: what the server answered
// is in its fields, and anything else, such as a refused parameter, a network error or the
// context's error, in Err.
//
// Neither its text nor that of anything it wraps holds the access token or the client secret.
type Error struct {
	Method   string // GET, POST or DELETE; empty for a recorded answer
	Endpoint string // as in the API's reference: /users/{user-id}

	StatusCode int       // HTTP status; 0 without an answer
	Code       int       // meta.code of the answer, or the Graph's own error code
	Type       ErrorType // error_type of the answer
	Message    string    // error_message of the answer; from the Graph, with error_user_msg

	Subcode int    // error_subcode of an answer of the Graph
	TraceID string // fbtrace_id of an answer of the Graph: what its support asks for

	RateLimit  RateLimit     // as of the answer
	RetryAfter time.Duration // what the server, or a limiter, asked to wait; 0 if neither did

	// Header is that of the answer, less what authenticates, and Body its beginning, of up to 4 KiB:
	// the page of a gateway, for example. Both are empty without an answer. Secrets in them are
	// masked; what else is in them is what the server sent.
	Header http.Header
	Body   string

	// Attempts is how many requests the call made. The fields above are of the last one. It is 0
	// where nothing was sent.
	Attempts int

	Err error // the cause where it is not the server's answer, or nil

	// meaning says which sentinel the error matches, for a server or an endpoint that tells its
	// errors apart in a way of its own. It is nil where standardSentinel says it.
	meaning func(*Error) error

	hint string // what to do about it, where that is known
}

// Error says all of it in one line, with control characters quoted.
func (e *Error) Error() string {
	var b strings.Builder
	switch {
	case e.Method != "":
		fmt.Fprintf(&b, "instagram: %s %s", e.Method, e.Endpoint)
	case e.StatusCode == 0:
		fmt.Fprintf(&b, "instagram: recorded answer: %d", e.Code)
	default:
		b.WriteString("instagram: recorded answer")
	}
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, ": %d", e.StatusCode)
		if e.Code != 0 && e.Code != e.StatusCode {
			fmt.Fprintf(&b, " (code %d)", e.Code)
		}
		if e.Subcode != 0 {
			fmt.Fprintf(&b, " (subcode %d)", e.Subcode)
		}
	}
	if e.Type != "" {
		fmt.Fprintf(&b, " %s", e.Type)
	}
	switch {
	case e.Message != "":
		fmt.Fprintf(&b, ": %s", e.Message)
	case e.Err == nil && e.Type == "" && e.statusText() != "":
		fmt.Fprintf(&b, " %s", e.statusText())
	}
	if e.TraceID != "" {
		fmt.Fprintf(&b, " (trace %s)", e.TraceID)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %s", strings.TrimPrefix(e.Err.Error(), "instagram: "))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (%d attempts)", e.Attempts)
	}
	if e.hint != "" {
		b.WriteString("; " + e.hint)
	}
	return redact.OneLine(b.String())
}

// statusText says what the code of an answer means that has no words of its own: the one in the
// body, if that is an HTTP status, and otherwise the answer's.
func (e *Error) statusText() string {
	if e.meaning != nil || e.Code == 0 {
		return http.StatusText(e.StatusCode)
	}
	return http.StatusText(e.Code)
}

// Unwrap returns the cause, if the error has one besides the server's answer.
func (e *Error) Unwrap() error { return e.Err }

// Is makes [errors.Is] match the sentinels of this package.
func (e *Error) Is(target error) bool {
	return target != nil && target == e.sentinel()
}

func (e *Error) sentinel() error {
	if e.meaning != nil {
		return e.meaning(e)
	}
	return standardSentinel(e)
}

// standardSentinel ranks what an answer says: a rate limit in any place, then the type, then the
// code in the body, then the status.
func standardSentinel(e *Error) error {
	if tooMany(e.StatusCode) || tooMany(e.Code) {
		return ErrRateLimited
	}
	if s := sentinels[e.Type]; s != nil {
		return s
	}
	if s := statusSentinel(e.Code); s != nil {
		return s
	}
	return statusSentinel(e.StatusCode)
}

func tooMany(status int) bool {
	return status == http.StatusTooManyRequests || status == 420
}

func statusSentinel(status int) error {
	switch {
	case status == http.StatusBadRequest:
		return ErrInvalidParameters
	case status == http.StatusUnauthorized:
		return ErrUnauthorized
	case status == http.StatusForbidden:
		return ErrNotAllowed
	case status == http.StatusNotFound:
		return ErrNotFound
	case status >= 500:
		return ErrUnavailable
	}
	return nil
}

// A ParameterError names a parameter that was refused before anything was sent. It matches
// [ErrInvalidParameters].
type ParameterError struct {
	Parameter string // as in the API's reference: max_timestamp
	Reason    string
}

func (e *ParameterError) Error() string {
	return "instagram: " + e.Parameter + ": " + e.Reason
}

// refused returns the error of a parameter that cannot be sent for a reason, and nil without one.
func refused(parameter, reason string) error {
	if reason == "" {
		return nil
	}
	return &ParameterError{parameter, reason}
}

// Is makes [errors.Is] match [ErrInvalidParameters].
func (e *ParameterError) Is(target error) bool { return target == ErrInvalidParameters }

// invalidResponse marks err, which a body failed to decode with.
type invalidResponse struct{ err error }

func (e invalidResponse) Error() string        { return e.err.Error() }
func (e invalidResponse) Unwrap() error        { return e.err }
func (e invalidResponse) Is(target error) bool { return target == ErrInvalidResponse }

// A hint says in the text of an error what to do about it, where the likely cause is a mistake that
// many make. It tells no more than the text of the error: it names no value.
const (
	hintProduction = "Instagram switched this server off in 2020; name one that answers with WithBaseURL"
	hintNoV1       = "the base URL does not end in /v1, as that of a v1 server does; see WithBaseURL"
	hintUserID     = "user ids are numbers; Users.Search finds that of a username"
	hintMediaID    = "media ids are numbers; Media.GetByShortcode takes the code in a link"
	hintGraphID    = "ids of the Graph are numbers; Self stands for the user of the token"
	hintGraphToken = "the token looks like one of the Graph, which WithGraphToken takes"
	hintV1Token    = "the token looks like one of v1, and the Graph has its own; see WithGraphToken"
)

var (
	tokenOfV1    = regexp.MustCompile(`^\d+\.[0-9a-fA-F]{7}\.[0-9a-fA-F]{32}$`)
	tokenOfGraph = regexp.MustCompile(`^(?:IG|EAA)[A-Za-z0-9_-]{20,}$`)
	numberedID   = regexp.MustCompile(`^\d+(?:_\d+)?$`)
)

// hintsOfElements are for path elements that are no numbers.
var hintsOfElements = map[string]string{"user-id": hintUserID, "media-id": hintMediaID}

// hintElement says what may be wrong with an element of the path, for the case that the server
// refuses it. Whether it does is up to the server.
func hintElement(name, element string) string {
	if element == "self" || element == "me" || numberedID.MatchString(element) {
		return ""
	}
	return hintsOfElements[name]
}

// hintV1 finds the likely mistake behind an error of a v1 server: of the base URL, of the token, or
// of an element of the path, of which the hint is given.
func hintV1(e *Error, base, token, ofPath string) string {
	strange := e.Code == 0 && e.Type == "" && // it is no server of v1 that answers
		(e.StatusCode == http.StatusBadRequest || e.StatusCode == http.StatusNotFound || e.StatusCode == http.StatusGone || errors.Is(e.Err, ErrInvalidResponse))
	switch {
	case strings.HasPrefix(base, "https://api.instagram.com") && (strange || e.unreachable()):
		return hintProduction
	case strange && !strings.HasSuffix(base, "/v1"):
		return hintNoV1
	case errors.Is(e, ErrUnauthorized) && tokenOfGraph.MatchString(token):
		return hintGraphToken
	case e.idRefused():
		return ofPath
	}
	return ""
}

// hintGraph is hintV1 for the Graph.
func hintGraph(e *Error, _, token, ofPath string) string {
	switch {
	case errors.Is(e, ErrUnauthorized) && tokenOfV1.MatchString(token):
		return hintV1Token
	case e.idRefused() && ofPath != "":
		return hintGraphID
	}
	return ""
}

// unreachable reports whether there was no server to connect to.
func (e *Error) unreachable() bool {
	failed, ok := errors.AsType[*net.OpError](e.Err)
	_, unknown := errors.AsType[*net.DNSError](e.Err)
	return (ok && failed.Op == "dial" || unknown) && !errors.Is(e.Err, context.Canceled)
}

// idRefused reports whether the answer may mean that there is nothing with that id.
func (e *Error) idRefused() bool {
	return e.Attempts > 0 && (errors.Is(e, ErrNotFound) || errors.Is(e, ErrInvalidParameters))
}
