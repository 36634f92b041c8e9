package redact_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/igv1/instagram/internal/redact"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const token = "1574083.9f2e77d.47a0479900504cb3/b4+1f626d174d2d"

func set(secrets ...string) *redact.Set {
	s := new(redact.Set)
	s.Add(secrets...)
	return s
}

// percent escapes each byte.
func percent(text string) string {
	var b strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&b, "%%%02X", text[i])
	}
	return b.String()
}

func each(format string) func(string) string {
	return func(text string) string {
		var b strings.Builder
		for _, r := range text {
			fmt.Fprintf(&b, format, r)
		}
		return b.String()
	}
}

func times(n int, f func(string) string) func(string) string {
	return func(text string) string {
		for range n {
			text = f(text)
		}
		return text
	}
}

// The forms in which servers, proxies and transports repeat a secret.
var repeated = map[string]func(string) string{
	"as it is":             func(s string) string { return s },
	"upper case":           strings.ToUpper,
	"lower case":           strings.ToLower,
	"query":                url.QueryEscape,
	"path":                 url.PathEscape,
	"percent":              percent,
	"percent, lower":       func(s string) string { return strings.ToLower(percent(s)) },
	"percent 2 times":      times(2, percent),
	"percent 3 times":      times(3, percent),
	"percent 4 times":      times(4, percent),
	"four kinds":           func(s string) string { return percent(each("&#%d;")(percent(each(`\x%02x`)(s[:14])))) },
	"query 3 times":        times(3, url.QueryEscape),
	"query 4 times":        times(4, url.QueryEscape),
	"HTML":                 html.EscapeString,
	"HTML decimal":         each("&#%d;"),
	"HTML hexadecimal":     each("&#x%x;"),
	"HTML in a query":      func(s string) string { return url.QueryEscape(each("&#%d;")(s)) },
	"query in HTML":        func(s string) string { return html.EscapeString(url.QueryEscape(s)) },
	"JSON \\u":             each(`\u%04x`),
	"JSON \\/":             func(s string) string { return strings.ReplaceAll(s, "/", `\/`) },
	"Go quoted":            strconv.QuoteToASCII,
	"Go \\x":               each(`\x%02x`),
	"Go \\U":               each(`\U%08x`),
	"octal":                each(`\%03o`),
	"\\u in JSON":          func(s string) string { return strconv.Quote(each(`\u%04x`)(s)) },
	"base64":               func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 for URLs":      func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"Basic, one before":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("a:" + s)) },
	"Basic, two before":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("ab:" + s)) },
	"Basic, three before":  func(s string) string { return base64.StdEncoding.EncodeToString([]byte("abc:" + s + "xy")) },
	"base64 in a query":    func(s string) string { return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(s))) },
	"hexadecimal":          func(s string) string { return hex.EncodeToString([]byte(s)) },
	"hexadecimal, upper":   func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"white space":          func(s string) string { return strings.Join(strings.Split(s, ""), " ") },
	"lines":                func(s string) string { return s[:7] + "\r\n\t" + s[7:20] + "\n" + s[20:] },
	"base64 on lines":      func(s string) string { b := base64.StdEncoding.EncodeToString([]byte(s)); return b[:9] + "\n" + b[9:] },
	"cut behind 12":        func(s string) string { return s[:12] },
	"cut before 12":        func(s string) string { return s[len(s)-12:] },
	"12 from the middle":   func(s string) string { return s[9:21] },
	"cut, in upper case":   func(s string) string { return strings.ToUpper(s[:15]) },
	"cut, percent-encoded": func(s string) string { return percent(s[:14]) },
}

func TestASecretIsFoundInEveryForm(t *testing.T) {
	s := set("another-secret-of-the-app", token)
	for name, form := range repeated {
		t.Run(name, func(t *testing.T) {
			text := "no such token: " + form(token) + " (see the log)"
			assert.True(t, s.In(text), text)
			cleaned := s.Clean(text, 1<<10)
			assert.NotContains(t, strings.ToLower(cleaned), strings.ToLower(form(token)))
			assert.Contains(t, cleaned, redact.Mark)
		})
	}
}

func TestATextWithoutASecretStays(t *testing.T) {
	s := set(token)
	for _, text := range []string{
		"", "you cannot view this resource", "1574083.9f2", "count=20%20&max_id=17", `{"a":"\u00e9"}`, "%", `\`, "&", "&#x110000;",
		`{"error":"<a href=\"/x?q=a%2520b&amp;amp;r=\\u0026amp;%5Cu0026\">R&amp;D<\/a>"}`, // it reads in many ways
	} {
		assert.False(t, s.In(text), text)
		assert.Equal(t, text, s.Clean(text, 1<<10))
	}
	assert.Equal(t, "the token is [redacted], twice: [redacted]", s.Clean("the token is "+token+", twice: "+token, 1<<10))
}

func TestAShortSecretIsAWholeWord(t *testing.T) {
	s := set("token")
	assert.Equal(t, "[redacted] and tokens and a_token", s.Clean("token and tokens and a_token", 1<<10))
	assert.True(t, s.In("TOKEN"))
	assert.True(t, s.In("t%6Fken"))
	assert.False(t, s.In("tokens"))
	assert.False(t, s.In(base64.StdEncoding.EncodeToString([]byte("token"))), "too short for it")

	s = set("verysecret")
	assert.True(t, s.In(hex.EncodeToString([]byte("verysecret"))))
	assert.True(t, s.In("Basic "+base64.StdEncoding.EncodeToString([]byte("id:verysecret"))))
	assert.False(t, s.In("verysecrets"))
}

func TestOneSecretInAnother(t *testing.T) {
	s := set("abcdefghijklmnop", "abcdefghijklmnopqrstuvwx")
	assert.Equal(t, "[redacted] [redacted]", s.Clean("abcdefghijklmnopqrstuvwx abcdefghijklmnop", 1<<10))
}

func TestLongTexts(t *testing.T) {
	s := set(token)
	assert.Equal(t, redact.Mark, s.Clean(strings.Repeat("x", 9<<10), 1<<10))
	assert.Equal(t, strings.Repeat("x", 1<<10)+"...", s.Clean(strings.Repeat("x", 5<<10), 1<<10))
	assert.Equal(t, "aé...", redact.Cut("aéé", 4))
}

type keeper struct {
	Text  string
	Bytes []byte
	Inner *keeper
	List  []any
	Map   map[string]any
	cause error
}

func (k *keeper) Error() string { return "broken" }
func (k *keeper) Unwrap() error { return k.cause }

// Whatever holds the secret, neither its text, nor a verb of fmt, nor JSON, nor errors.As shows it.
func TestErrorsShowNoSecret(t *testing.T) {
	form := strings.NewReader("client_secret=" + token)
	req, err := http.NewRequest(http.MethodPost, "http://localhost/", form)
	require.NoError(t, err)
	cause := io.ErrUnexpectedEOF
	for name, err := range map[string]error{
		"text":          fmt.Errorf("bad token %s: %w", token, cause),
		"URL":           &url.Error{Op: "Get", URL: "http://localhost/?access_token=" + token, Err: cause},
		"a field":       &keeper{Text: token, cause: cause},
		"bytes":         &keeper{Bytes: []byte("token=" + token), cause: cause},
		"behind":        &keeper{Inner: &keeper{Inner: &keeper{Text: url.QueryEscape(token)}}, cause: cause},
		"in a list":     &keeper{List: []any{1, keeper{Text: token}}, cause: cause},
		"in a map":      &keeper{Map: map[string]any{token: 1}, cause: cause},
		"a request":     &keeper{List: []any{req}, cause: cause},
		"a response":    &keeper{List: []any{&http.Response{Request: req}}, cause: cause},
		"wrapped":       fmt.Errorf("outside: %w", &keeper{Text: token, cause: cause}),
		"one of two":    errors.Join(cause, &keeper{Text: token}),
		"wrapped later": &keeper{cause: fmt.Errorf("%w: %s", cause, token)},
	} {
		t.Run(name, func(t *testing.T) {
			cleaned := set(token).Error(err, 1<<10)
			require.ErrorIs(t, cleaned, cause)
			shown := cleaned.Error()
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%t"} {
				shown += fmt.Sprintf(verb, cleaned) + fmt.Sprintf(verb, struct{ err error }{cleaned})
			}
			encoded, jsonErr := json.Marshal(map[string]any{"err": cleaned})
			require.NoError(t, jsonErr)
			shown += string(encoded)
			if k, ok := errors.AsType[*keeper](cleaned); ok {
				shown += fmt.Sprintf("%+v", *k)
			}
			if u, ok := errors.AsType[*url.Error](cleaned); ok {
				shown += u.URL
			}
			assert.NotContains(t, shown, token[:12])
			assert.NotContains(t, shown, hex.EncodeToString([]byte(token[:12])))
		})
	}
}

func TestAnErrorWithoutASecretStays(t *testing.T) {
	err := fmt.Errorf("outside: %w", &keeper{Text: "fine", Inner: &keeper{}, cause: io.EOF})
	assert.Equal(t, err, set(token).Error(err, 1<<10))
	assert.NoError(t, set(token).Error(nil, 1<<10))
	var loop keeper
	loop.Inner = &loop
	assert.Equal(t, "broken", set(token).Error(&loop, 1<<10).Error(), "too much to look at")
}

func TestURL(t *testing.T) {
	for raw, want := range map[string]string{
		"https://a.example/v1/x?count=2&access_token=" + token + "&max_id=1":   "https://a.example/v1/x?count=2&max_id=1",
		"https://a.example/x?ACCESS_TOKEN=t&Token=t&sig=1&client_secret=2&a=1": "https://a.example/x?a=1",
		"https://a.example/x?access%5Ftoken=t&a=1":                             "https://a.example/x?a=1",
		"https://a.example/x?access%255Ftoken=t&a=1":                           "https://a.example/x?a=1",
		"https://a.example/x#access_token=t&a=1":                               "https://a.example/x#a=1",
		"https://a.example/x#part":                                             "https://a.example/x#part",
		"https://mira:pw@a.example/x":                                          "https://a.example/x",
		"https://a.example/x?next=https%3A%2F%2Fb%2F%3Faccess_token%3Dt&a=1":   "https://a.example/x?a=1",
		"https://a.example/x?next=https%253A%252F%252Fb%253Ftoken%253Dt&a=1":   "https://a.example/x?a=1",
		"https://a.example/v1/" + token + "/x":                                 redact.Mark,
		"https://a.example/v1/access_token=t/x":                                redact.Mark,
		"https://a.example/x?a=" + url.QueryEscape(token):                      redact.Mark,
		"http://[::1": "",
		"":            "",
	} {
		got := set(token).URL(raw)
		if want == redact.Mark {
			assert.Contains(t, got, redact.Mark, raw)
			assert.NotContains(t, got, "9f2e77d", raw)
			continue
		}
		assert.Equal(t, want, got, raw)
	}
}

func TestJSON(t *testing.T) {
	for raw, want := range map[string]string{
		`"a"`:                             `"a"`,
		`"https://a/?access_token=t&b=1"`: `"https://a/?access_token=[redacted]&b=1"`,
		`{"access_token":"t","b":{"Client_Secret":"x"}}`:  `{"access_token":"[redacted]","b":{"Client_Secret":"[redacted]"}}`,
		`"https://a/?access%5Ftoken=t"`:                   `"[redacted]"`,
		`"https:\/\/a\/?access_token=t\u0026b"`:           `"https:\/\/a\/?access_token=[redacted]\u0026b"`,
		`"` + url.QueryEscape(token) + `"`:                `"[redacted]"`,
		`17`:                                              `17`,
		`{"next":"https%3A%2F%2Fb%2F%3Ftoken%3Dsecret1"}`: `"[redacted]"`,
	} {
		got := set(token).JSON(json.RawMessage(raw))
		assert.Equal(t, want, string(got), raw)
		assert.True(t, json.Valid(got))
	}
}

func TestCredentials(t *testing.T) {
	assert.Equal(t, []string{"abc.def", "r3fresh"}, redact.Credentials([]byte(`{"access_token": "abc.def","refresh_token":"r3fresh","user":{}}`)))
	assert.Equal(t, []string{"abc.def"}, redact.Credentials([]byte(`access_token=abc.def&expires=5`)))
	assert.Empty(t, redact.Credentials([]byte(`{"meta":{"error_message":"The access_token provided is invalid."}}`)))
}

func TestSecretPrintsNothing(t *testing.T) {
	secret := redact.NewSecret(token)
	assert.Equal(t, token, secret.Reveal())
	assert.Empty(t, redact.Secret{}.Reveal())
	assert.Equal(t, redact.Secret{}, redact.NewSecret(""))
	for _, verb := range "vsqdxXtTbcoOUeEfFgGpw" {
		for _, flag := range []string{"", "+", "#"} {
			format := "%" + flag + string(verb)
			shown := fmt.Sprintf(format, secret) + fmt.Sprintf(format, &secret) + fmt.Sprintf(format, []any{secret}) +
				fmt.Sprintf(format, struct{ s redact.Secret }{secret}) + fmt.Sprintf(format, struct{ s *redact.Secret }{&secret})
			assert.NotContains(t, shown, token, format)
			assert.NotContains(t, strings.ToLower(shown), hex.EncodeToString([]byte(token)), format)
		}
	}
	encoded, err := json.Marshal(struct{ Secret redact.Secret }{secret})
	require.NoError(t, err)
	assert.JSONEq(t, `{"Secret":"[redacted]"}`, string(encoded))
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", secret)
	assert.NotContains(t, log.String(), token)
}

// FuzzSet looks for a secret that comes through in one of the forms, with anything around it.
func FuzzSet(f *testing.F) {
	names := make([]string, 0, len(repeated))
	for name := range repeated {
		names = append(names, name)
	}
	f.Add("before ", " after", uint8(0), "0123456789abcdef0123456789")
	f.Fuzz(func(t *testing.T, before, after string, form uint8, secret string) {
		if len(secret) < 24 || len(secret) > 100 || len(before)+len(after) > 500 || strings.TrimSpace(secret) != secret {
			return // services make secrets of 24 to 100 characters
		}
		for _, c := range []byte(secret) {
			if c <= ' ' || c >= 0x7f || strings.IndexByte(`%&\"'<>`, c) >= 0 {
				return // and of what can stand in a header
			}
		}
		s := set(secret)
		hidden := repeated[names[int(form)%len(names)]](secret)
		// What stands around it must not change what it says.
		text := strings.Map(plain, before) + " " + hidden + " " + strings.Map(plain, after)
		if !s.In(text) {
			t.Errorf("%q is in %q", secret, text)
		}
		if cleaned := s.Clean(text, 1<<10); strings.Contains(cleaned, hidden) {
			t.Errorf("%q is left in %q", hidden, cleaned)
		}
	})
}

func plain(r rune) rune {
	if r == '%' || r == '&' || r == '\\' {
		return '.'
	}
	return r
}

func TestText(t *testing.T) {
	s := set("a-secret-of-20-chars")
	for text, want := range map[string]string{
		"<p>ok":                             "<p>ok",
		"it was a-secret-of-20-chars":       "it was [redacted]",
		"it was a%2Dsecret%2Dof%2D20%2Dcha": "[redacted]",
		`{"access_token":"x","n":1}`:        `{"access_token":"[redacted]","n":1}`,
		"a=1&client_secret=x&b=2":           "a=1&client_secret=[redacted]&b=2",
		"https://h/?access%5ftoken=x":       "[redacted]",
		"a\xffb":                            "a\uFFFDb",
		strings.Repeat("long ", 20):         strings.Repeat("long ", 12) + "...",
	} {
		assert.Equal(t, want, s.Text(text, 60), text)
	}
}

func TestHeader(t *testing.T) {
	s := set("a-secret-of-20-chars")
	assert.Nil(t, s.Header(nil))
	header := http.Header{
		"Content-Type": {"text/html"}, "Set-Cookie": {"a=b"}, "Www-Authenticate": {"Bearer"}, "X-Session-Id": {"1"},
		"X-Echo": {"a-secret-of-20-chars", "b"}, "X-A-Secret-Of-20-Chars": {"1"},
	}
	assert.Equal(t, http.Header{"Content-Type": {"text/html"}, "X-Echo": {"[redacted]", "b"}}, s.Header(header))
	assert.Len(t, header, 6, "it stays as it was")
	many := http.Header{}
	for i := range 1000 {
		many.Set("X-"+strconv.Itoa(i), strings.Repeat("x", 5000))
	}
	clean := s.Header(many)
	assert.Len(t, clean, 64)
	assert.Less(t, len(clean.Get("X-0")), 1100)
}

func TestDocument(t *testing.T) {
	s := set("a-secret-of-20-chars", "12345678901234567890")
	for body, want := range map[string]string{
		`{"data": [ {"id":"1","n":-1.5e3,"t":true,"x":null} ]}`:            "",
		`{"caption":"\u0041 \"b\" \/ \\"}`:                                 "",
		`{"next_url":"https://h/?access_token=x&max_id=1"}`:                `{"next_url":"https://h/?access_token=[redacted]&max_id=1"}`,
		`{"access_token" : "x","token":7,"sig":{"a":"b"},"scope":"basic"}`: `{"access_token" : "[redacted]","token":"[redacted]","sig":{"a":"b"},"scope":"basic"}`,
		`{"text":"it is a-secret-of-20-chars <ok>"}`:                       `{"text":"it is [redacted] <ok>"}`,
		`{"text":"a\u002dsecret-of-20-chars"}`:                             `{"text":"[redacted]"}`,
		`{"a-secret-of-20-chars":1,"n":12345678901234567890}`:              `{"[redacted]":1,"n":"[redacted]"}`,
		`["a%2Dsecret-of-20-chars","` + "\u00e9" + `"]`:                    `["[redacted]","` + "\u00e9" + `"]`,
		`"` + strings.Repeat("x", 9000) + `"`:                              `"[redacted]"`,
		`<p>a-secret-of-20-chars`:                                          `<p>[redacted]`,
		`{"text":"a-secret-of-20-chars"`:                                   `{"text":"[redacted]"`,
		``:                                                                 "",
	} {
		if want == "" {
			want = body
		}
		kept, err := s.Document(t.Context(), []byte(body))
		require.NoError(t, err)
		assert.Equal(t, want, string(kept), body)
	}
	kept, err := s.Document(t.Context(), []byte(strings.Repeat("<p>", 1<<20)))
	require.NoError(t, err)
	assert.Less(t, len(kept), 9<<10)

	ended, end := context.WithCancel(t.Context())
	end()
	kept, err = s.Document(ended, []byte(`["a-secret-of-20-chars"]`))
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, kept)
}

// What a body names as a token or a secret is found, in a text within it too.
func TestCredentialsInTexts(t *testing.T) {
	for _, body := range []string{
		`{"access_token":"IGQVissued1"}`, `{"access_token":["IGQVissued1"]}`, `access_token=IGQVissued1&x=1`,
		`{"error_message":"bad: {\"access_token\":\"IGQVissued1\"}"}`, `{"error_message":"see access_token%3DIGQVissued1"}`,
		`{"error_message":"access%5Ftoken=IGQVissued1"}`, `<p>access_token&#61;IGQVissued1</p>`, `{&quot;access_token&quot;:&quot;IGQVissued1&quot;}`,
		`{"access\u005ftoken":"IGQVissued1"}`, strings.Repeat(`access_token=other1 `, 20) + `access_token=IGQVissued1`,
	} {
		assert.Contains(t, redact.Credentials([]byte(body)), "IGQVissued1", body)
	}
}

// What is kept of an answer is JSON where the answer was, and holds no secret.
func FuzzDocument(f *testing.F) {
	f.Add(`{"a":"`, `","access_token":1}`)
	f.Add(`["\u0041`, `"]`)
	f.Fuzz(func(t *testing.T, before, behind string) {
		s := set("a-secret-of-20-chars")
		body := []byte(before + "a-secret-of-20-chars" + behind)
		kept, err := s.Document(t.Context(), body)
		require.NoError(t, err)
		assert.NotContains(t, string(kept), "a-secret-of-20-chars")
		assert.True(t, !json.Valid(body) || json.Valid(kept), "%s", kept)
	})
}

func BenchmarkDocument(b *testing.B) {
	s := set(token, "another-secret-of-30-characters")
	body := []byte("[" + strings.Repeat(`{"id":"1574083_25","text":"a caption of some length, with a #tag","url":"https://h.example/a/b/c.jpg"},`, 500) + "1]")
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		_, _ = s.Document(b.Context(), body)
	}
}

// A secret in a code is found wherever it begins in a text, whatever its length.
func TestCodedSecretsOfAnyLength(t *testing.T) {
	for n := 8; n < 60; n++ {
		secret := strings.Repeat("7?z.Q>~k", 8)[:n]
		var set redact.Set
		set.Add(secret)
		for before := range 4 {
			for after := range 4 {
				text := []byte(strings.Repeat("<", before) + secret + strings.Repeat("é", after))
				for _, encode := range []func([]byte) string{
					base64.StdEncoding.EncodeToString, base64.URLEncoding.EncodeToString, base64.RawURLEncoding.EncodeToString,
					hex.EncodeToString, func(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) },
				} {
					require.True(t, set.In("a:"+encode(text)+":b"), "%q in %q", secret, text)
				}
			}
		}
		require.False(t, set.In(strings.Repeat("a", 100)))
	}
}
