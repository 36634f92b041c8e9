package redact

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText bounds what an error keeps of a text that came from elsewhere, in bytes.
const MaxText = 1 << 10

// A Set holds the secrets that must not show. The zero Set holds none. It is not safe for use by
// several goroutines while one of them adds to it.
//
// A secret is found in a text as it is, and in the forms in which servers, proxies and transports
// repeat it:
//   - with any of its characters escaped as in URLs, JSON, Go or HTML, up to four times over;
//   - in upper and lower case;
//   - with white space between its characters;
//   - in base64, also as part of something longer, and in hexadecimal digits;
//   - in part: 12 of its characters in a row.
//
// A secret of fewer than 16 characters is looked for as a whole word only, escaped or not and in
// any case, because a short one may be an ordinary word; from 8 characters on in base64 and in
// hexadecimal digits too.
type Set struct {
	secrets []string
	forms   []forms // of the first of them, as far as they were needed
}

const (
	short  = 16 // below this length, a secret is looked for as a whole word
	coded  = 8  // from this length on, a secret is looked for in base64 and hexadecimal digits
	run    = 12 // how many characters in a row give a secret away
	escape = 4  // how many times over a text may be escaped

	// maxScanned bounds the texts that are looked through, in bytes. Longer ones are taken to hold
	// a secret.
	maxScanned = 8 << 10

	// maxVariants bounds the texts that one can be read as, when it is unescaped in several ways.
	maxVariants = 100
)

// Add adds secrets. Empty ones are left out.
func (s *Set) Add(secrets ...string) {
	for _, secret := range secrets {
		if secret != "" && !slices.Contains(s.secrets, secret) {
			s.secrets = append(s.secrets, secret)
		}
	}
}

// AddSet adds the secrets of another set.
func (s *Set) AddSet(other Set) { s.Add(other.secrets...) }

// Clean returns text without the secrets. One that stands there as it is becomes [Mark]. Where one
// is there in another form, or where text is too long to look through, all of the text becomes
// Mark. A text of over limit bytes is cut afterwards, and ends in three dots.
func (s *Set) Clean(text string, limit int) string {
	if len(text) > maxScanned {
		return Mark
	}
	secrets := s.secrets
	if len(secrets) > 1 { // one may be part of another
		longestFirst := func(a, b string) int { return cmp.Compare(len(b), len(a)) }
		secrets = slices.SortedFunc(slices.Values(secrets), longestFirst)
	}
	for _, secret := range secrets {
		text = replace(text, secret)
	}
	if s.In(text) {
		return Mark
	}
	return Cut(text, limit)
}

// In reports whether a secret is in text, in any form.
func (s *Set) In(text string) bool {
	if len(s.secrets) == 0 {
		return false
	}
	if len(text) > maxScanned {
		return true
	}
	variants := unescaped(text)
	if len(variants) > maxVariants {
		return true
	}
	for _, secret := range s.secrets[len(s.forms):] {
		s.forms = append(s.forms, formsOf(secret))
	}
	for i := range s.forms {
		if slices.ContainsFunc(variants, s.forms[i].in) {
			return true
		}
	}
	return false
}

// Cut bounds a text, in bytes. A text that was cut ends in three dots.
func Cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "..."
}

// forms are what one secret is looked for as.
type forms struct {
	secret string
	lower  string   // the secret in lower case
	hex    string   // in lower case; empty until it is needed, as is base64
	base64 []string // in each place that the secret can have in three bytes
}

func formsOf(secret string) forms { return forms{secret: secret, lower: strings.ToLower(secret)} }

// base64Forms returns what a secret looks like in the base64 of a text that it is part of. That
// depends on where in three bytes it begins. The characters at its ends, which its neighbours have
// a share in, are left out.
func base64Forms(secret string) []string {
	var all []string
	for before := range 3 {
		padded := make([]byte, before, before+len(secret))
		padded = append(padded, secret...)
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := encoding.EncodeToString(padded)
			first := (before*8 + 5) / 6 // the first character that is of the secret alone
			last := len(padded) * 8 / 6
			if form := text[first:last]; !slices.Contains(all, form) {
				all = append(all, form)
			}
		}
	}
	return all
}

// in reports whether text, which is not escaped, holds one of the forms.
func (f *forms) in(text string) bool {
	lower := strings.ToLower(text)
	if len(f.lower) < short {
		if word(lower, f.lower) >= 0 {
			return true
		}
	} else if f.runIn(lower) || f.runIn(withoutSpace(lower)) {
		return true
	}
	return len(f.secret) >= coded && f.codedIn(withoutSpace(text))
}

// codedIn reports whether text, which has no white space, holds the secret in hexadecimal digits or
// in base64. Either is at least as long as the secret, so that most texts need not be looked
// through.
func (f *forms) codedIn(text string) bool {
	if !hasRun(text, len(f.secret)) {
		return false
	}
	if f.hex == "" {
		f.hex, f.base64 = hex.EncodeToString([]byte(f.secret)), base64Forms(f.secret)
	}
	return strings.Contains(strings.ToLower(text), f.hex) ||
		slices.ContainsFunc(f.base64, func(form string) bool { return strings.Contains(text, form) })
}

// hasRun reports whether text holds so many characters of base64 in a row.
func hasRun(text string, length int) bool {
	n := 0
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '+', c == '/', c == '-', c == '_':
			if n++; n == length {
				return true
			}
		default:
			n = 0
		}
	}
	return false
}

// runIn reports whether text holds several characters of the secret in a row.
func (f *forms) runIn(text string) bool {
	const half = run / 2 // one of the halves at its multiples is in each run
	for j := 0; j+half <= len(text); j += half {
		if !strings.Contains(f.lower, text[j:j+half]) {
			continue
		}
		for i := max(0, j-half+1); i <= j && i+run <= len(text); i++ {
			if strings.Contains(f.lower, text[i:i+run]) {
				return true
			}
		}
	}
	return false
}

func withoutSpace(text string) string {
	if strings.IndexFunc(text, unicode.IsSpace) < 0 {
		return text
	}
	return strings.Join(strings.Fields(text), "")
}

// replace puts [Mark] where a secret stands in text as it is.
func replace(text, secret string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, secret)
		if len(secret) < short {
			i = word(text, secret)
		}
		switch {
		case i < 0 && b.Len() == 0:
			return text
		case i < 0:
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i])
		b.WriteString(Mark)
		text = text[i+len(secret):]
	}
}

// word returns where a secret stands in text with no letter or digit beside it, and -1 if it does
// not.
func word(text, secret string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], secret)
		if i < 0 {
			return -1
		}
		i += from
		end := i + len(secret)
		if (i == 0 || !isWord(text[i-1])) && (end == len(text) || !isWord(text[end])) {
			return i
		}
		from = i + 1
	}
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}

// OneLine returns text with its line breaks, its other control characters and what is no UTF-8
// quoted as in Go, so that it cannot pass for two lines of a log, nor steer a terminal.
func OneLine(text string) string {
	if !strings.ContainsFunc(text, breaksLine) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		if !breaksLine(r) {
			b.WriteRune(r)
			continue
		}
		if _, size := utf8.DecodeRuneInString(text[i:]); r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, text[i])
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// breaksLine also finds what writes from right to left, and the invisible, which hide what a line
// says.
func breaksLine(r rune) bool {
	return unicode.IsControl(r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029' ||
		'\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069'
}
