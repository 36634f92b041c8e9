package instagramtest

import (
	"fmt"
	"net/http"
)

// apiError is an answer that is not a success. The status is also the code in the body.
type apiError struct {
	status  int
	kind    string // error_type
	message string
	bare    bool // without the meta object, as rate-limit and OAuth errors come
}

func badRequest(kind, format string, args ...any) *apiError {
	return &apiError{status: http.StatusBadRequest, kind: kind, message: fmt.Sprintf(format, args...)}
}

func invalidParameter(format string, args ...any) *apiError {
	return badRequest("APIInvalidParametersError", format, args...)
}

func missingScope(scope string) *apiError {
	return badRequest("OAuthPermissionsException", "This request requires scope=%s, but this access token is not "+
		"authorized with this scope. The user must re-authorize your application with scope=%[1]s to be granted this permission.", scope)
}

func forbidden(message string) *apiError {
	return &apiError{status: http.StatusForbidden, kind: "OAuthForbiddenException", message: message}
}

// notSaved gives the reason, since the answer is the only place where whoever runs the server can see it.
func notSaved(reason error) *apiError {
	return &apiError{status: http.StatusInternalServerError, kind: "APIError", message: "what was written could not be saved: " + reason.Error()}
}

func methodNotAllowed(method string) *apiError {
	return &apiError{status: http.StatusMethodNotAllowed, kind: "APIError", message: "method " + method + " is not allowed here"}
}

// Unknown users are 404 and all else that is unknown is 400, as the service had it.
var (
	errNoSuchPath      = &apiError{status: http.StatusNotFound, kind: "APINotFoundError", message: "no such endpoint"}
	errNoSuchUser      = &apiError{status: http.StatusNotFound, kind: "APINotFoundError", message: "this user does not exist"}
	errNoSuchMedia     = badRequest("APINotFoundError", "invalid media id")
	errNoSuchCode      = badRequest("APINotFoundError", "invalid shortcode")
	errNoSuchComment   = badRequest("APINotFoundError", "invalid comment id")
	errNoSuchPlace     = badRequest("APINotFoundError", "invalid location id")
	errNoSuchGeography = badRequest("APINotFoundError", "invalid geography id")

	errNotAllowed = badRequest("APINotAllowedError", "you cannot view this resource")

	errNoCredentials    = badRequest("OAuthParameterException", "Missing client_id or access_token URL parameter.")
	errNoAppCredentials = badRequest("OAuthParameterException", "Missing client_id or client_secret URL parameter.")
	errNeedsToken       = badRequest("OAuthParameterException",
		`"access_token" URL parameter missing. This OAuth request requires an "access_token" URL parameter.`)
	errBadToken  = badRequest("OAuthAccessTokenException", "The access_token provided is invalid.")
	errBadSecret = badRequest("OAuthClientException", "The client_secret provided is invalid and does not match the application.")
	errBadClient = badRequest("OAuthClientException", "The client_id provided is invalid and does not match a valid application.")
	errNoUser    = badRequest("OAuthException", "no authenticated user")

	// The endpoints under /oauth have wordings of their own.
	errIncompleteAuthorization = badRequest("OAuthException", "You must include a valid client_id, response_type, and redirect_uri parameters")
	errUnknownClient           = badRequest("OAuthException", "Invalid Client ID")
	errUnregisteredRedirect    = badRequest("OAuthException", "Redirect URI does not match registered redirect URI")
	errOtherRedirect           = badRequest("OAuthException", "Redirect URI doesn't match original redirect URI")
	errUsedCode                = badRequest("OAuthException", "Matching code was not found or was already used.")

	errRateLimit = &apiError{status: http.StatusTooManyRequests, kind: "OAuthRateLimitException", bare: true,
		message: "The maximum number of requests per hour has been exceeded."}
	errTooLarge = &apiError{status: http.StatusRequestEntityTooLarge, kind: "APIInvalidParametersError", message: "the request body is too large"}
)
