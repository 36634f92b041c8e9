package instagram_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// A server that repeats the token as the name of a member puts it into no path of an error: neither
// whole nor cut off.
func TestDecodeErrorPathHoldsNoToken(t *testing.T) {
	long := strings.Repeat("n", 180)
	for _, body := range []string{
		`{"meta":{"code":200},"data":{"%s":tru`,
		`{"meta":{"code":200},"data":{"id":"7","counts":{"%s":{"a":[}`,
		`{"meta":{"code":200},"data":{"` + long + `":{"%s":tru`,
		`{"%s":{"%[1]s":}`,
	} {
		client, transport := mockClient(t)
		transport.RegisterNoResponder(answer(200, fmt.Sprintf(body, testToken)))
		_, err := client.Users.Get(t.Context(), "7")
		require.Error(t, err)
		for _, text := range append(pathsOf(err), err.Error(), fmt.Sprintf("%+v %#v", err, err)) {
			assert.NotContains(t, text, testToken)
			assert.NotContains(t, text, testToken[8:24])
		}
	}
}

// pathsOf lists the paths of the errors that err is made of.
func pathsOf(err error) (paths []string) {
	if failure, ok := errors.AsType[*instagram.DecodeError](err); ok {
		paths = append(paths, failure.Path)
	}
	return paths
}
