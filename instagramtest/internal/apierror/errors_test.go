package apierror

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAppend(t *testing.T) {
	assert.Equal(t, `{"meta":{"code":400,"error_type":"APINotFoundError","error_message":"invalid media id"}}`,
		string(Append(nil, NoSuchMedia)))
	assert.Equal(t, `{"code":429,"error_type":"OAuthRateLimitException","error_message":"The maximum number of requests per hour has been exceeded."}`,
		string(Append(nil, RateLimit)))
	assert.Contains(t, string(Append(nil, InvalidParameter("%s must be a \"number\"", "count"))), `count must be a \"number\"`)
}

func TestMissingScopeNamesTheScope(t *testing.T) {
	e := MissingScope("likes")
	assert.Equal(t, "OAuthPermissionsException", e.Kind)
	assert.Contains(t, e.Message, "requires scope=likes")
	assert.Contains(t, e.Message, "re-authorize your application with scope=likes")
}
