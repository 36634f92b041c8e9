package paths

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPaths(t *testing.T) {
	for in, want := range map[string]string{"/v1/users/self": "/users/self", "/users": "/users", "//v1/v1/x": "/x", "/v1": "/", "/v11/x": "/v11/x"} {
		assert.Equal(t, want, WithoutVersion(in), in)
	}
	for in, want := range map[string]string{"/a/": "/a", "/a.json": "/a", "/a.json//": "/a", "/a": "/a"} {
		assert.Equal(t, want, TrimPath(in), in)
	}
	assert.Equal(t, []string{"tags", "a/b", "été"}, Split("/tags//a%2Fb/%C3%A9t%C3%A9"))
	assert.Equal(t, []string{"%zz"}, Split("%zz"))
}
