package instagram

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// One attempt of the default client has a minute, so that a silent server leaves time for another.
func TestDefaultAttemptTimeout(t *testing.T) {
	assert.Equal(t, time.Minute, newHTTPClient(nil).GetClient().Timeout)
	assert.Equal(t, 3*time.Minute, defaultConfig().timeout)
}
