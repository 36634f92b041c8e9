package params

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// Method is the method a request means: HEAD is a GET without the body, and a POST can name
// another.
func Method(r *http.Request, p Params) string {
	switch {
	case r.Method == http.MethodHead:
		return http.MethodGet
	case r.Method == http.MethodPost && p.Get("_method") != "":
		return strings.ToUpper(p.Get("_method"))
	default:
		return r.Method
	}
}

// Peek reads the parameters of a request and leaves them there to be read again.
func Peek(r *http.Request) Params {
	if r.ContentLength == 0 || r.Body == nil {
		p, _ := Read(r)
		return p
	}
	b, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, MaxBody))
	rest := r.Body
	defer func() { r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(b), rest)) }()
	if err != nil {
		return Params{}
	}
	r.Body = io.NopCloser(bytes.NewReader(b))
	p, _ := Read(r)
	return p
}
