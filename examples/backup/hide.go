package main

import (
	"io"
	"net/url"
	"strings"
)

// hiding removes the token from all that is written. The server knows the token, and could send it
// back as a name or an id.
type hiding struct {
	io.Writer
	token string
}

func (h hiding) Write(text []byte) (int, error) {
	if _, err := io.WriteString(h.Writer, hide(string(text), h.token)); err != nil {
		return 0, err
	}
	return len(text), nil
}

func hide(text, token string) string {
	if token == "" {
		return text
	}
	return strings.NewReplacer(token, "[token]", url.QueryEscape(token), "[token]").Replace(text)
}
