package check

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// reasons holds for each check the parameters that can be sent, and what the others are refused
// with.
var reasons = map[string]struct {
	check func(string) string
	good  []string
	bad   map[string]string
}{
	"secret": {
		Secret, []string{"", "7.a-_="},
		map[string]string{"a\n": "control character at byte 1", "a b": "at byte 1", "\x7f": "at byte 0", "ab\xff": "at byte 2"},
	},
	"token": {Token, []string{"7.a"}, map[string]string{"": "it is empty", " ": "at byte 0"}},
	"element": {
		Element, []string{"self", "1_2", "über", "...", "a.b"},
		map[string]string{"": "empty", " \t": "empty", "a\x00": "control", "\xff": "UTF-8", ".": "no element", "..": "no element", "a/b": "no element", `a\b`: "no element"},
	},
	"link": {
		Link, []string{"http://a", "https://a.example:80/b?c=d#e"},
		map[string]string{"": "absolute", "/a": "absolute", "ftp://a": "absolute", "https://": "absolute", "https://:80": "absolute", "%": "absolute"},
	},
	"base": {
		Base, []string{"http://a", "https://a/v1/"},
		map[string]string{"%": "not a URL", "a/b": "absolute", "http://u:secret@a": "a user", "http://a?b": "a query", "http://a?": "a query", "http://a#b": "a fragment"},
	},
	"media page": {
		MediaPage, []string{"http://instagram.com/p/D/", "https://[::1]:80/ada/p/a-_", "http://a/p/D?x=y"},
		map[string]string{"instagram.com/p/D": "absolute", "http://a\"b/p/D": "absolute", "http://a/p/": "/p/ and a shortcode", "http://a/p/D\"": "/p/ and a shortcode", "http://a/x/D/": "/p/"},
	},
	"redirect": {
		Redirect, []string{"https://a/b?c=d", "myapp://back", "urn:ietf:wg:oauth:2.0:oob", "http:/a"},
		map[string]string{"": "absolute", "/a": "absolute", "http://a#b": "fragment", "http://a#": "fragment", "x:": "absolute", "%": "absolute"},
	},
	"version": {
		GraphVersion, []string{"v26.0", "v3"},
		map[string]string{"": "form", "26.0": "form", "v": "form", "v1.": "form", "v1.x": "form", "v1.0/me": "form"},
	},
	"comment": {
		Comment, []string{"hi", "OK then", "123 !", "#a #b #c #d", "see http://a.example/#b and #a #b #c #d", strings.Repeat("ü", 299) + "A"},
		map[string]string{
			strings.Repeat("ü", 301): "300 characters", "http://a www.b": "1 URL", "#a #b #c #d #e": "4 hashtags",
			"HELLO": "capitals", "É !": "capitals",
		},
	},
}

func TestReasons(t *testing.T) {
	for name, tt := range reasons {
		for _, good := range tt.good {
			assert.Empty(t, tt.check(good), "%s: %q", name, good)
		}
		for bad, reason := range tt.bad {
			assert.Contains(t, tt.check(bad), reason, "%s: %q", name, bad)
			assert.NotContains(t, tt.check(bad), "secret")
		}
	}
}
