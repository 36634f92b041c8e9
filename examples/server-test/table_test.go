package main

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// A table of what goes wrong, and of how a program tells it apart.
func TestWhatGoesWrong(t *testing.T) {
	server, client := start(t)
	users := map[bool]string{} // one that is private and one that is not
	for _, user := range server.Users()[1:] {
		users[user.Private] = user.ID
	}
	for name, test := range map[string]struct {
		user  string
		fault *instagramtest.Fault
		want  error
	}{
		"private user":      {users[true], nil, instagram.ErrNotAllowed},
		"rate limit":        {users[false], &instagramtest.Fault{Status: http.StatusTooManyRequests}, instagram.ErrRateLimited},
		"broken connection": {users[false], &instagramtest.Fault{Cut: instagramtest.Truncate}, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			if test.fault != nil {
				server.Fail("GET /users/{user-id}/media/recent", *test.fault, -1) // every attempt
			}
			defer server.ClearFaults()
			_, err := client.Users.RecentMedia(test.user, nil).Next(t.Context())
			assert.ErrorIs(t, err, test.want)
		})
	}
}
