package archive

import (
	"bytes"
	"encoding/json"
)

// mendCut returns the whole entries of an object whose text was cut off in one of its lists or
// behind it: an answer whose file was not written to its end. It returns nil where there are none,
// and for an object that has an id: of a media, half is no media.
func mendCut(text []byte) []byte {
	if whole := wholeEntries(text); whole > 0 {
		return append(text[:whole:whole], "]}"...)
	}
	return nil
}

// wholeEntries returns where the last whole entry ends that mendCut finds, or 0.
func wholeEntries(text []byte) (whole int64) {
	in := json.NewDecoder(bytes.NewReader(text))
	if start, err := in.Token(); err != nil || start != json.Delim('{') {
		return 0
	}
	var skipped json.RawMessage
	for in.More() {
		name, err := in.Token()
		switch at := bytes.TrimLeft(text[in.InputOffset():], " \t\r\n:"); {
		case name == "id":
			return 0
		case err != nil:
			return whole
		case !bytes.HasPrefix(at, []byte("[")):
			if in.Decode(&skipped) != nil {
				return whole
			}
			continue
		}
		_, _ = in.Token() // the bracket
		for in.More() && in.Decode(&skipped) == nil {
			whole = in.InputOffset()
		}
		if end, err := in.Token(); err != nil || end != json.Delim(']') {
			return whole
		}
	}
	return whole
}
