package redact

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// What authenticates is told by its name as well: in the query and the fragment of a URL, in a
// form, and as a member of JSON.

// names are those of parameters and members that authenticate.
const names = `access_?token|refresh_?token|id_token|token|client_secret|app_?secret_proof|app_?secret|sig|signature`

var (
	credentialName  = regexp.MustCompile(`(?i)^(?:` + names + `)$`)
	credentialParam = regexp.MustCompile(`(?i)\b(` + names + `)=[^&#"'<>\\\s]*`)
	credentialValue = regexp.MustCompile(`(?i)("(?:` + names + `)"\s*:\s*)("(?:[^"\\]|\\.)*"|[-0-9.eE+]+)`)
	credentialOf    = regexp.MustCompile(`(?i)(?:access_token|refresh_token|client_secret)["']?\s*[=:]\s*["']?([^"'&\s,}<>]{4,})`)
)

// Credentials returns the tokens and secrets that a body names as such, in JSON or in a form.
func Credentials(body []byte) []string {
	var all []string
	for _, found := range credentialOf.FindAllSubmatch(body[:min(len(body), maxScanned)], 10) {
		all = append(all, string(found[1]))
	}
	return all
}

// URL returns a URL without what authenticates: without the parameters in its query and fragment
// that are named so, or that hold a URL with one, and without user and password. A secret of the
// set that is left in it becomes [Mark]. What is no URL becomes empty.
func (s *Set) URL(raw string) string {
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
		if slices.ContainsFunc(unescaped(name), credentialName.MatchString) || slices.ContainsFunc(values, named) {
			query.Del(name)
		}
	}
	return query.Encode()
}

// JSON returns a JSON value with [Mark] for what authenticates. Where that is hidden in escapes, or
// where the value is too long to look through, all of it becomes Mark.
func (s *Set) JSON(value json.RawMessage) json.RawMessage {
	masked := credentialParam.ReplaceAll(value, []byte("${1}="+Mark))
	masked = credentialValue.ReplaceAll(masked, []byte(`${1}"`+Mark+`"`))
	text := string(masked)
	if len(text) > maxScanned || named(text) || s.In(text) {
		return json.RawMessage(`"` + Mark + `"`)
	}
	return masked
}

// named reports whether text, as it is or unescaped, names a credential that is not masked.
func named(text string) bool {
	return slices.ContainsFunc(unescaped(text), func(plain string) bool {
		for _, found := range credentialParam.FindAllString(plain, -1) {
			if _, value, _ := strings.Cut(found, "="); value != "" && value != Mark {
				return true
			}
		}
		return false
	})
}
