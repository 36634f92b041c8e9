package program

import (
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// NewWriter returns a writer that replaces control characters, all but line ends and tabs. What a
// server or a file sends can then not take over a terminal: move the cursor, set the title, or turn
// the direction of the text.
func NewWriter(w io.Writer) io.Writer { return &writer{to: w} }

type writer struct {
	to   io.Writer
	rest []byte // the beginning of a character whose end is still to come
}

func (w *writer) Write(p []byte) (int, error) {
	text := slices.Concat(w.rest, p)
	whole := len(text)
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if start := len(text) - back; utf8.RuneStart(text[start]) {
			if !utf8.FullRune(text[start:]) {
				whole = start
			}
			break
		}
	}
	_, err := io.WriteString(w.to, strings.Map(visible, string(text[:whole])))
	w.rest = text[whole:]
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// Line makes one line of a text, without control characters.
func Line(text string) string {
	return strings.Map(visible, strings.Join(strings.FieldsFunc(text, lineEnd), " "))
}

func lineEnd(r rune) bool { return r == '\n' || r == '\r' }

// visible replaces what a terminal would obey. Letters, marks, emoji and their joiners stay.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', unicode.Is(unicode.Bidi_Control, r):
		return utf8.RuneError
	}
	return r
}
