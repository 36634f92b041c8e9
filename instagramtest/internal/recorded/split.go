package recorded

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
)

// splitChanges finds the changes in a file of recordings, or where they can be put so that the file
// stays what it is: in an object as its last member, in an array as its last element, and after a
// row of values, or none, as one more.
func splitChanges(content []byte) (before, after []byte, saved savedChanges, err error) {
	marks := len(content) - len(bytes.TrimPrefix(content, byteOrderMark))
	values, err := rawValues(content, marks)
	if err != nil {
		return nil, nil, saved, err
	}
	if len(values) == 1 && (content[values[0].start] == '{' || content[values[0].start] == '[') && !isSaved(values[0].raw) {
		return splitWithin(content, values[0])
	}
	start, end, separator := len(content), len(content), ""
	if n := len(values); n > 0 && isSaved(values[n-1].raw) {
		start, end = values[n-1].start, values[n-1].end
		err = json.Unmarshal(values[n-1].raw, &saved)
	} else if n > 0 && content[len(content)-1] != '\n' {
		separator = "\n"
	}
	before = slices.Concat(content[:start], []byte(separator+savedOpen))
	after = slices.Concat([]byte(savedClose), content[end:])
	if end == len(content) {
		after = append(after, '\n')
	}
	return before, after, saved, err
}

const (
	savedOpen  = `{"` + savedMember + `":{"changes":[`
	savedClose = `]}}`
)

// rawValue is a value and where it is in the file.
type rawValue struct {
	raw        json.RawMessage
	start, end int
}

func rawValues(content []byte, from int) (values []rawValue, err error) {
	d := json.NewDecoder(bytes.NewReader(content[from:]))
	for {
		start := d.InputOffset()
		var raw json.RawMessage
		err := d.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return nil, atLine(content[from:], start, err)
		}
		end := from + int(d.InputOffset())
		values = append(values, rawValue{raw, end - len(raw), end})
	}
}

// isSaved says whether a value is an object that holds the changes and nothing else.
func isSaved(raw []byte) bool {
	var o map[string]json.RawMessage
	return json.Unmarshal(raw, &o) == nil && len(o) == 1 && o[savedMember] != nil
}

// splitWithin is splitChanges inside of the one object or array of a file.
func splitWithin(content []byte, v rawValue) (before, after []byte, saved savedChanges, err error) {
	opening, closing := savedOpen, savedClose
	isObject := v.raw[0] == '{'
	if isObject {
		opening, closing = savedOpen[1:], savedClose[:len(savedClose)-1]
	}
	d := json.NewDecoder(bytes.NewReader(v.raw))
	if _, err = d.Token(); err != nil {
		return nil, nil, saved, err
	}
	start, end, separator := -1, -1, ""
	for d.More() {
		from := int(d.InputOffset())
		var name json.Token
		if isObject {
			if name, err = d.Token(); err != nil {
				return nil, nil, saved, err
			}
		}
		var raw json.RawMessage
		if err = d.Decode(&raw); err != nil {
			return nil, nil, saved, err
		}
		switch {
		case name == savedMember:
			err = json.Unmarshal(raw, &saved.Saved)
		case !isObject && isSaved(raw):
			err = json.Unmarshal(raw, &saved)
		default:
			if start < 0 {
				separator = ","
			}
			continue
		}
		if err != nil {
			return nil, nil, saved, err
		}
		start, end = from, int(d.InputOffset())
	}
	if start < 0 {
		start, end = int(d.InputOffset()), int(d.InputOffset())
	}
	before = slices.Concat(content[:v.start+start], []byte(separator+opening))
	after = slices.Concat([]byte(closing), content[v.start+end:])
	return before, after, saved, nil
}
