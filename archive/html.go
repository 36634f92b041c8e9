package archive

import (
	"bytes"
	"io"
	"regexp"
)

// Pages of instagram.com that somebody saved have their data in scripts, as JSON.

// pageData is what stands before the data in a page: until 2021 as variables, today as scripts that
// hold nothing else.
var pageData = regexp.MustCompile(`window\._sharedData\s*=\s*|window\.__additionalDataLoaded\([^,<]{0,300},\s*|<script type="application/json"[^>]{0,900}>\s*`)

// assignment is the start of a script that is nothing but data.
var assignment = regexp.MustCompile(`^(?:(?:var|let|const)\s+)?[A-Za-z_$][\w$.\[\]]{0,100}\s*=\s*` + beginsJSON)

const errHTML = notReadError("HTML without data in it: ask Instagram for the export in JSON")

// dataOfPage returns a page with blanks for all but its data, which so stays where it was.
func dataOfPage(page io.Reader) (io.Reader, error) {
	text, err := io.ReadAll(io.LimitReader(page, maxValue))
	if err != nil {
		return nil, err
	}
	found := false
	blank := 0 // from where on nothing was found
	for _, at := range pageData.FindAllIndex(text, -1) {
		start := at[1]
		if start < blank || start == len(text) || classes[text[start]] != open {
			continue
		}
		if end := skipValue(text, start); end > 0 {
			clearText(text[blank:start])
			blank, found = end, true
		}
	}
	if !found {
		return nil, errHTML
	}
	clearText(text[blank:])
	return bytes.NewReader(text), nil
}

func clearText(b []byte) {
	for i := range b {
		b[i] = ' '
	}
}
