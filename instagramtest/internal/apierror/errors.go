// Package apierror has the errors of the v1 API in the words of the service.
package apierror

import (
	"fmt"
	"net/http"

	"github.com/igv1/instagram/instagramtest/internal/encode"
)

// Append writes an error as the body of an answer.
func Append(b []byte, e *Error) []byte {
	if !e.Bare {
		b = append(b, `{"meta":`...)
	}
	b = append(b, `{"code":`...)
	b = encode.Int(b, e.Status)
	b = append(b, `,"error_type":`...)
	b = encode.ASCII(b, e.Kind)
	b = append(b, `,"error_message":`...)
	b = encode.ASCII(b, e.Message)
	b = append(b, '}')
	if !e.Bare {
		b = append(b, '}')
	}
	return b
}

// Error is an answer that is not a success. The status is also the code in the body.
type Error struct {
	Status  int
	Kind    string // error_type
	Message string
	Bare    bool // without the meta object, as errors of rate limits, signatures and OAuth come
}

// BadRequest is an error with the status 400. The kind is its error_type.
func BadRequest(kind, format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// InvalidParameter is the error of a parameter that makes no sense.
func InvalidParameter(format string, args ...any) *Error {
	return BadRequest("APIInvalidParametersError", format, args...)
}

// MissingScope is the error of a token that lacks a scope.
func MissingScope(scope string) *Error {
	return BadRequest("OAuthPermissionsException", "This request requires scope=%s, but this access token is not "+
		"authorized with this scope. The user must re-authorize your application with scope=%[1]s to be granted this permission.", scope)
}

// Forbidden is the error of a signature that is missing or wrong.
func Forbidden(message string) *Error {
	return &Error{Status: http.StatusForbidden, Kind: "OAuthForbiddenException", Message: message, Bare: true}
}

// NotSaved gives the reason, since the answer is the only place where whoever runs the server can
// see it.
func NotSaved(reason error) *Error {
	return &Error{Status: http.StatusInternalServerError, Kind: "APIError", Message: "what was written could not be saved: " + reason.Error()}
}

// MethodNotAllowed is the error of a path that does not take a method.
func MethodNotAllowed(method string) *Error {
	return &Error{Status: http.StatusMethodNotAllowed, Kind: "APIError", Message: "method " + method + " is not allowed here"}
}

// Unknown users are 404 and all else that is unknown is 400, as the service had it.
var (
	NoSuchPath      = &Error{Status: http.StatusNotFound, Kind: "APINotFoundError", Message: "no such endpoint"}
	NoSuchUser      = BadRequest("APINotFoundError", "this user does not exist")
	NoContentType   = InvalidParameter("the form in the request body has no Content-Type: it must be application/x-www-form-urlencoded")
	NoSuchMedia     = BadRequest("APINotFoundError", "invalid media id")
	NoSuchCode      = BadRequest("APINotFoundError", "invalid shortcode")
	NoSuchComment   = BadRequest("APINotFoundError", "invalid comment id")
	NoSuchPlace     = BadRequest("APINotFoundError", "invalid location id")
	NoSuchGeography = BadRequest("APINotFoundError", "invalid geography id")

	NotAllowed = BadRequest("APINotAllowedError", "you cannot view this resource")

	NoCredentials    = BadRequest("OAuthParameterException", "Missing client_id or access_token URL parameter.")
	NoAppCredentials = BadRequest("OAuthParameterException", "Missing client_id or client_secret URL parameter.")
	NeedsToken       = BadRequest("OAuthParameterException",
		`"access_token" URL parameter missing. This OAuth request requires an "access_token" URL parameter.`)
	BadToken  = BadRequest("OAuthAccessTokenException", "The access_token provided is invalid.")
	BadSecret = BadRequest("OAuthClientException", "The client_secret provided is invalid and does not match the application.")
	BadClient = BadRequest("OAuthClientException", "The client_id provided is invalid and does not match a valid application.")
	NoUser    = BadRequest("OAuthException", "no authenticated user")

	// The endpoints under /oauth have wordings of their own.
	IncompleteAuthorization = BadRequest("OAuthException", "You must include a valid client_id, response_type, and redirect_uri parameters")
	UnknownClient           = BadRequest("OAuthException", "Invalid Client ID")
	UnregisteredRedirect    = BadRequest("OAuthException", "Redirect URI does not match registered redirect URI")
	OtherRedirect           = BadRequest("OAuthException", "Redirect URI doesn't match original redirect URI")
	UsedCode                = BadRequest("OAuthException", "Matching code was not found or was already used.")

	RateLimit = &Error{Status: http.StatusTooManyRequests, Kind: "OAuthRateLimitException", Bare: true,
		Message: "The maximum number of requests per hour has been exceeded."}
	WriteLimit = &Error{Status: http.StatusTooManyRequests, Kind: "OAuthRateLimitException",
		Message: "The maximum number of requests per hour has been exceeded."}
	TooLarge = &Error{Status: http.StatusRequestEntityTooLarge, Kind: "APIInvalidParametersError", Message: "the request body is too large"}
)
