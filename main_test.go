package instagram_test

import (
	"testing"

	"go.uber.org/goleak"
)

// No call, pager or client leaves a goroutine behind.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}
