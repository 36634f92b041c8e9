package lazy

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

var (
	digits = Regexp{Text: `^\d+$`}
	broken = Regexp{Text: `(`}
)

func TestRegexpIsCompiledOnce(t *testing.T) {
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			assert.True(t, digits.Get().MatchString("123"))
			assert.False(t, digits.Get().MatchString("a"))
		})
	}
	group.Wait()
	assert.Same(t, digits.Get(), digits.Get())
}

func TestRegexpThatIsNone(t *testing.T) {
	assert.Panics(t, func() { broken.Get() })
}
