package redact

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
)

// Error returns err as it is unless it, or what it wraps, can show a secret: in its text, in what
// package fmt or encoding/json prints of it, or in its exported fields. Otherwise it returns an
// error with a clean text, of at most limit bytes. That one still answers [errors.Is], and wraps
// what err wraps, clean as well.
func (s *Set) Error(err error, limit int) error {
	if err == nil || !s.exposedBy(err, limit) {
		return err
	}
	c := clean{text: s.Clean(text(err), limit), is: func(target error) bool { return errors.Is(err, target) }}
	for _, cause := range causes(err) {
		c.causes = append(c.causes, s.Error(cause, limit))
	}
	return c
}

func (s *Set) exposedBy(err error, limit int) bool {
	message := text(err)
	if len(message) > limit || s.In(message) || s.In(fmt.Sprintf("%+v %#v", err, err)) {
		return true
	}
	w := walk{secrets: s, left: maxValues}
	return w.exposes(reflect.ValueOf(err), 0) ||
		slices.ContainsFunc(causes(err), func(cause error) bool { return s.exposedBy(cause, limit) })
}

// text is what an error says. Package fmt prints even one whose Error panics.
func text(err error) string { return fmt.Sprint(err) }

// causes are what an error wraps.
func causes(err error) []error {
	switch err := err.(type) { //nolint:errorlint // one step at a time
	case interface{ Unwrap() error }:
		if cause := err.Unwrap(); cause != nil {
			return []error{cause}
		}
	case interface{ Unwrap() []error }:
		return slices.DeleteFunc(slices.Clone(err.Unwrap()), func(cause error) bool { return cause == nil })
	}
	return nil
}

// clean is an error whose text held a secret. The error itself is behind a function, so that no
// print of a field shows it.
type clean struct {
	text   string
	is     func(target error) bool
	causes []error
}

func (c clean) Error() string                 { return c.text }
func (c clean) Is(target error) bool          { return c.is(target) }
func (c clean) Unwrap() []error               { return c.causes }
func (c clean) Format(f fmt.State, verb rune) { _, _ = io.WriteString(f, c.text) }
func (c clean) LogValue() slog.Value          { return slog.StringValue(c.text) }
func (c clean) MarshalJSON() ([]byte, error)  { return json.Marshal(c.text) }

const (
	maxDepth  = 8
	maxValues = 1000
)

// A walk goes over what a program can reach from an error through exported fields.
type walk struct {
	secrets *Set
	left    int // how many more values it looks at
}

// exposes reports whether a secret can be reached from v, or whether there is too much to look at.
func (w *walk) exposes(v reflect.Value, depth int) bool {
	if !v.IsValid() {
		return false
	}
	if w.left--; w.left < 0 || depth > maxDepth {
		return true
	}
	switch v.Kind() {
	case reflect.String:
		return w.secrets.In(v.String())
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && w.exposes(v.Elem(), depth+1)
	case reflect.Struct:
		return w.structExposes(v, depth)
	case reflect.Slice, reflect.Array:
		return w.listExposes(v, depth)
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			if w.exposes(entries.Key(), depth+1) || w.exposes(entries.Value(), depth+1) {
				return true
			}
		}
	}
	return false
}

func (w *walk) structExposes(v reflect.Value, depth int) bool {
	t := v.Type()
	switch t {
	case reflect.TypeFor[http.Request]():
		return true // its body and its URL hold what authenticates
	case reflect.TypeFor[x509.Certificate]():
		return false // it is public, and large
	}
	if t == reflect.TypeFor[http.Response]() && (!v.FieldByName("Body").IsNil() || !v.FieldByName("Request").IsNil()) {
		return true
	}
	for i := range v.NumField() {
		if t.Field(i).IsExported() && w.exposes(v.Field(i), depth+1) {
			return true
		}
	}
	return false
}

func (w *walk) listExposes(v reflect.Value, depth int) bool {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		return w.secrets.In(string(v.Bytes()))
	}
	switch v.Type().Elem().Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return false
	}
	for i := range v.Len() {
		if w.exposes(v.Index(i), depth+1) {
			return true
		}
	}
	return false
}
