// Package lazy has regular expressions that are compiled when they are first used: a program that
// starts pays for none, and later only for those that it comes to.
package lazy

import (
	"regexp"
	"sync"
)

// A Regexp is compiled when it is first used. It is a variable of a package, and not copied.
type Regexp struct {
	Text string

	once     sync.Once
	compiled *regexp.Regexp
}

// Get returns the expression. It panics if Text is none.
func (r *Regexp) Get() *regexp.Regexp {
	r.once.Do(func() { r.compiled = regexp.MustCompile(r.Text) })
	return r.compiled
}
