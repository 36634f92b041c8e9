package redact

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
)

// Document returns an answer without what authenticates, to be kept and read again. Of JSON every
// byte stays as it is but for names, strings and numbers that hold a secret, or that are named as
// one. Of anything else it keeps the beginning, as Text does.
//
// It takes its time for a large answer, and ends with the context.
func (s *Set) Document(ctx context.Context, body []byte) ([]byte, error) {
	if !json.Valid(body) {
		return []byte(s.Text(string(body[:min(len(body), maxScanned)]), maxScanned)), nil
	}
	d := document{secrets: s, rest: body, out: make([]byte, 0, len(body))}
	for len(d.rest) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d.token()
	}
	return d.out, nil
}

// A document is valid JSON on its way from rest to out.
type document struct {
	secrets *Set
	rest    []byte
	out     []byte
	secret  bool // the value that comes next is named as one
}

// token takes over what comes next.
func (d *document) token() {
	switch c := d.rest[0]; {
	case c == '"':
		d.text(1 + closingQuote(d.rest[1:]))
	case c == '-' || '0' <= c && c <= '9':
		d.number()
	case c == '{' || c == '[':
		d.secret = false
		fallthrough
	default:
		d.take(1)
	}
}

func (d *document) take(n int) {
	d.out = append(d.out, d.rest[:n]...)
	d.rest = d.rest[n:]
}

// text takes over a string or the name of a member, which ends at a quote.
func (d *document) text(end int) {
	raw := d.rest[:end+1]
	text := string(raw[1:end])
	if strings.Contains(text, `\`) {
		_ = json.Unmarshal(raw, &text) // it is valid
	}
	isName := bytes.HasPrefix(bytes.TrimLeft(d.rest[end+1:], " \t\r\n"), []byte(":"))
	switch {
	case isName:
		d.secret = credentialName.Get().MatchString(text)
		if d.secrets.In(text) {
			text = Mark
		}
	case d.secret && text != "":
		text, d.secret = Mark, false
	default:
		text, d.secret = d.secrets.Text(text, maxScanned), false
	}
	d.replace(raw, text)
}

func (d *document) number() {
	end := bytes.IndexFunc(d.rest, func(r rune) bool { return !strings.ContainsRune("+-.0123456789eE", r) })
	if end < 0 {
		end = len(d.rest)
	}
	if d.secret || d.secrets.In(string(d.rest[:end])) {
		d.secret = false
		d.out = append(d.out, `"`+Mark+`"`...)
		d.rest = d.rest[end:]
		return
	}
	d.take(end)
}

// replace takes over a string, with its own escapes where the text is the same.
func (d *document) replace(raw []byte, text string) {
	var same string
	if json.Unmarshal(raw, &same) == nil && same == text {
		d.take(len(raw))
		return
	}
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string cannot fail
	d.out = append(d.out, bytes.TrimSpace(quoted.Bytes())...)
	d.rest = d.rest[len(raw):]
}

// closingQuote returns where a string ends whose opening quote is taken.
func closingQuote(text []byte) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text) - 1 // not of valid JSON
}
