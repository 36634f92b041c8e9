package redact

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/igv1/instagram/internal/lazy"
)

// What authenticates is told by its name as well: in the query and the fragment of a URL, in a
// form, and as a member of JSON.

// names are those of parameters and members that authenticate.
const names = `access_?token|refresh_?token|id_token|token|client_secret|app_?secret_proof|app_?secret|sig|signature`

var (
	credentialName  = lazy.Regexp{Text: `(?i)^(?:` + names + `)$`}
	credentialParam = lazy.Regexp{Text: `(?i)\b(` + names + `)=[^&#"'<>\\\s]*`}
	credentialValue = lazy.Regexp{Text: `(?i)("(?:` + names + `)"\s*:\s*)("(?:[^"\\]|\\.)*"|[-0-9.eE+]+)`}
	credentialOf    = lazy.Regexp{Text: `(?i)(?:access_token|refresh_token|client_secret)["']?\s*[=:][\s"'\[]*([^"'&\s,}<>\]\\]{4,})`}
)

// maxFound bounds the credentials that are taken from a body.
const maxFound = 32

// Credentials returns the tokens and secrets that a body names as such, in JSON or in a form, also
// where these are escaped in a text of it.
func Credentials(body []byte) (all []string) {
	for _, text := range unescaped(string(body[:min(len(body), maxScanned)])) {
		for _, found := range credentialOf.Get().FindAllStringSubmatch(text, maxFound) {
			if len(all) < maxFound && !slices.Contains(all, found[1]) {
				all = append(all, found[1])
			}
		}
	}
	return all
}

// URL returns a URL without what authenticates: without the parameters in its query and fragment
// that are named so, or that hold a URL with one, and without user and password. A secret of the
// set that is left in it becomes [Mark]. What is no URL becomes empty.
func (s *Set) URL(raw string) string {
	if raw == "" {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	u.User = nil
	u.RawQuery = withoutCredentials(u.RawQuery)
	if strings.Contains(u.Fragment, "=") {
		u.Fragment = withoutCredentials(u.EscapedFragment())
		u.RawFragment = ""
	}
	if named(u.EscapedPath()) {
		return Mark
	}
	return s.Clean(u.String(), maxScanned)
}

func withoutCredentials(rawQuery string) string {
	if rawQuery == "" {
		return ""
	}
	query, _ := url.ParseQuery(rawQuery) // what cannot be read is left out
	for name, values := range query {
		if slices.ContainsFunc(unescaped(name), credentialName.Get().MatchString) || slices.ContainsFunc(values, named) {
			query.Del(name)
		}
	}
	return query.Encode()
}

// JSON returns a JSON value with [Mark] for what authenticates. Where that is hidden in escapes, or
// where the value is too long to look through, all of it becomes Mark.
func (s *Set) JSON(value json.RawMessage) json.RawMessage {
	masked := credentialParam.Get().ReplaceAll(value, []byte("${1}="+Mark))
	masked = credentialValue.Get().ReplaceAll(masked, []byte(`${1}"`+Mark+`"`))
	text := string(masked)
	if len(text) > maxScanned || named(text) || s.In(text) {
		return json.RawMessage(`"` + Mark + `"`)
	}
	return masked
}

// Text returns a text of any form, such as a header, a form or a page, without what authenticates.
// It masks what is named so, and is like Clean in the rest.
func (s *Set) Text(text string, limit int) string {
	masked := credentialParam.Get().ReplaceAllString(strings.ToValidUTF8(text, "\uFFFD"), "${1}="+Mark)
	masked = credentialValue.Get().ReplaceAllString(masked, `${1}"`+Mark+`"`)
	if named(masked) {
		return Mark
	}
	return s.Clean(masked, limit)
}

// Params returns parameters without what authenticates: without those that are named here, and with
// [Mark] for what else shows a secret, in a name or a value.
func (s *Set) Params(params url.Values, without ...string) url.Values {
	clean := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if slices.Contains(without, name) {
			continue
		}
		for _, value := range params[name] {
			if value = s.Text(value, MaxText); credentialName.Get().MatchString(name) {
				value = Mark
			}
			clean.Add(s.Text(name, MaxText), value)
		}
	}
	return clean
}

const (
	maxFields     = 64      // of a header
	maxFieldValue = 1 << 10 // of a field, in bytes
)

// authenticates matches the names of header fields that are left out whole.
var authenticates = lazy.Regexp{Text: `(?i)cookie|authoriz|authenticat|token|secret|session|signature|api-?key|forwarded`}

// Header returns a header without what authenticates, of no more fields and bytes than a reader
// wants to see.
func (s *Set) Header(header http.Header) http.Header {
	if header == nil {
		return nil
	}
	clean := http.Header{}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if authenticates.Get().MatchString(name) || s.In(name) || len(clean) == maxFields {
			continue
		}
		for _, value := range header[name][:min(len(header[name]), maxFields)] {
			clean[name] = append(clean[name], s.Text(value, maxFieldValue))
		}
	}
	return clean
}

// named reports whether text, as it is or unescaped, names a credential that is not masked.
func named(text string) bool {
	return slices.ContainsFunc(unescaped(text), func(plain string) bool {
		for _, found := range credentialParam.Get().FindAllString(plain, -1) {
			if _, value, _ := strings.Cut(found, "="); value != "" && value != Mark {
				return true
			}
		}
		return false
	})
}
