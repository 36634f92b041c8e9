// Package redact keeps secrets out of texts that people read: it holds a secret so that it cannot
// be printed, and finds and masks secrets in errors, URLs and JSON.
package redact

import (
	"fmt"
	"io"
	"log/slog"
)

// Mark stands where a secret was.
const Mark = "[redacted]"

// A Secret holds a text that must not be printed. Every verb of package fmt, every handler of
// package slog and encoding/json show [Mark] in its place. Where fmt cannot call its methods, as in
// an unexported field, it shows an address: the text is behind a pointer for that reason.
//
// The zero Secret is empty.
type Secret struct{ text *string }

// NewSecret returns a Secret that holds text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String returns [Mark].
func (s Secret) String() string { return Mark }

// Format writes [Mark] for every verb.
func (s Secret) Format(f fmt.State, verb rune) { _, _ = io.WriteString(f, Mark) }

// LogValue returns [Mark].
func (s Secret) LogValue() slog.Value { return slog.StringValue(Mark) }

// MarshalText returns [Mark].
func (s Secret) MarshalText() ([]byte, error) { return []byte(Mark), nil }
