// Package check says why a parameter cannot be sent: each function returns the reason, and nothing
// for a parameter that can. No reason repeats a secret.
package check

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/igv1/instagram/internal/lazy"
	"github.com/igv1/instagram/internal/shortcodes"
)

// Secret finds what a secret has got on its way through files and terminals, a newline for one.
func Secret(secret string) string {
	if i := strings.IndexFunc(secret, func(r rune) bool { return r <= ' ' || r == 0x7f || r == unicode.ReplacementChar }); i >= 0 {
		return fmt.Sprintf("it has a space or a control character at byte %d", i)
	}
	return ""
}

// Token is Secret for an access token, which must not be empty.
func Token(token string) string {
	if token == "" {
		return "it is empty"
	}
	return Secret(token)
}

// Element finds what a server or a proxy on the way could take for another path once it has
// unescaped the element of one.
func Element(element string) string {
	switch {
	case strings.TrimSpace(element) == "":
		return "it is empty"
	case strings.ContainsFunc(element, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }):
		return "it holds a control character or is not UTF-8"
	case element == "." || element == ".." || strings.ContainsAny(element, `/\`):
		return fmt.Sprintf("%.40q is no element of a path", element)
	}
	return ""
}

// Link wants an absolute URL.
func Link(link string) string {
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
		return "it is not an absolute http or https URL"
	}
	return ""
}

// Base wants the URL that the paths of a server follow. The reason does not repeat it, because it
// may hold a password.
func Base(raw string) string {
	if _, err := url.Parse(raw); err != nil {
		return "it is not a URL: it begins with http:// or https://"
	}
	if reason := Link(raw); reason != "" {
		return reason
	}
	u, _ := url.Parse(raw)
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "it has a user, a query or a fragment"
	}
	return ""
}

// What stands in a URL that goes into an attribute of HTML is kept to what no quoting can break.
var (
	plainHost = lazy.Regexp{Text: `^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?$`}
	mediaPage = lazy.Regexp{Text: `^(/[A-Za-z0-9_.~-]+)*/p/[A-Za-z0-9_-]+/?$`}
)

// MediaPage wants the link to the page of a media.
func MediaPage(link string) string {
	u, err := url.Parse(link)
	switch {
	case err != nil, (u.Scheme != "http" && u.Scheme != "https") || !plainHost.Get().MatchString(u.Host):
		return "it is not an absolute http or https URL"
	case !mediaPage.Get().MatchString(u.Path):
		return "it does not end in /p/ and a shortcode"
	}
	return ""
}

// Redirect wants the URL that a sign-in comes back to, which may be of any scheme.
func Redirect(redirectURL string) string {
	u, err := url.Parse(redirectURL)
	if err != nil || u.Scheme == "" || (u.Host == "" && u.Path == "" && u.Opaque == "") || strings.Contains(redirectURL, "#") {
		return "it is not an absolute URL without a fragment"
	}
	return ""
}

// Callback returns what a server sent a user back with: the parameters in the query and those in the
// fragment. The reason does not repeat the URL, which may hold a code or a token.
func Callback(callbackURL string) (query, fragment url.Values, reason string) {
	u, err := url.Parse(callbackURL)
	if err != nil {
		return nil, nil, "it is not a URL"
	}
	_, raw, _ := strings.Cut(callbackURL, "#")
	if fragment, err = url.ParseQuery(raw); err != nil {
		return nil, nil, "its fragment is not a query"
	}
	return u.Query(), fragment, ""
}

// SameServer reports whether two base URLs name one host by one scheme.
func SameServer(a, b string) bool {
	one, err := url.Parse(a)
	other, err2 := url.Parse(b)
	return err == nil && err2 == nil && one.Scheme == other.Scheme && strings.EqualFold(one.Host, other.Host)
}

// GraphVersion wants the form of v26.0.
func GraphVersion(version string) string {
	major, minor, dotted := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if !strings.HasPrefix(version, "v") || !shortcodes.IsNumber(major) || dotted && !shortcodes.IsNumber(minor) {
		return "it is not of the form v26.0"
	}
	return ""
}

var (
	commentURL     = lazy.Regexp{Text: `(?i)\b(?:https?://|www\.)\S+`}
	commentHashtag = lazy.Regexp{Text: `#[\p{L}\p{M}\p{N}_]+`}
)

// Comment says which of the API's rules for comments a text breaks.
func Comment(text string) string {
	if n := utf8.RuneCountInString(text); n > 300 {
		return "it has over 300 characters"
	}
	if len(commentURL.Get().FindAllString(text, 2)) > 1 {
		return "it has over 1 URL"
	}
	words := commentURL.Get().ReplaceAllString(text, "") // a fragment is not a hashtag
	if len(commentHashtag.Get().FindAllString(words, 5)) > 4 {
		return "it has over 4 hashtags"
	}
	if strings.ContainsFunc(text, unicode.IsLetter) &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) && !unicode.IsUpper(r) }) {
		return "it is all in capitals"
	}
	return ""
}
