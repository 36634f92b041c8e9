package recorded

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// jsonp is an answer that was asked for with a callback.
var jsonp = regexp.MustCompile(`(?s)^\s*(?:/\*\*/\s*)?[A-Za-z_$][\w$.\[\]]*\((.*)\);?\s*$`)

// readFile files everything that is in one file of recordings.
func (l *loader) readFile(f recording) error {
	l.at = f.path
	content := bytes.TrimPrefix(f.content, byteOrderMark)
	if wrapped := jsonp.FindSubmatch(content); wrapped != nil {
		content = wrapped[1]
	}
	d := json.NewDecoder(bytes.NewReader(content))
	d.UseNumber()
	for {
		start := d.InputOffset()
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = l.read(v, sourceOf(withoutExtension(f.path)))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.path, atLine(content, start, err))
		}
	}
}

// atLine says where the value begins that comes after an offset and is not as it should be.
func atLine(content []byte, offset int64, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the JSON ends too early")
	}
	rest := bytes.TrimLeft(content[offset:], " \t\r\n")
	return fmt.Errorf("from line %d: %w", 1+bytes.Count(content[:len(content)-len(rest)], []byte{'\n'}), err)
}

// read files what a value holds. What is not from the API is passed over.
func (l *loader) read(v any, from source) error {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := l.read(e, from); err != nil {
				return err
			}
		}
	case map[string]any:
		return l.readObject(v, from)
	}
	return nil
}

// readObject tells the objects of the API apart by their members.
func (l *loader) readObject(o object, from source) error {
	if err := l.readChanges(o); err != nil {
		return err
	}
	delete(o, savedMember)
	switch {
	case o.has("id") && (o.has("images") || o.has("videos") || o.has("carousel_media") || o.has("user", "created_time") || o.has("user", "link")):
		m, err := l.readMedia(o)
		if err == nil {
			l.listMedia(from, m)
		}
		return err
	case o.has("from", "text") || o.has("from", "message"):
		c, err := l.readComment(o)
		if err == nil && c != nil {
			l.listComment(from, c)
		}
		return err
	case o.has("id", "username") && !o.has("media_type"): // what has that is from the Graph API
		u, err := l.readUser(o)
		if err == nil {
			l.listUser(from, u)
		}
		return err
	case o.has("outgoing_status"):
		l.relations = append(l.relations, relation{from, o})
	case o.has("id", "latitude", "longitude") || o.has("id", "name", "street_address"):
		l.readPlace(o)
	case o.has("name", "media_count"):
		n, _ := count(o["media_count"])
		l.tagCounts[world.TagName(o.text("name"))] = n
	default:
		return l.readOther(o, from)
	}
	return nil
}

// readOther looks into an envelope, or whatever else it may be. Answers that are errors hold
// nothing.
func (l *loader) readOther(o object, from source) error {
	if code, ok := count(o.object("meta")["code"]); ok && code >= 400 {
		return nil
	}
	if o.has("access_token", "user") {
		id, _ := world.ParseID(digits(o.object("user")["id"]))
		l.votes[id]++
	}
	for _, asked := range []string{o.text("url"), o.text("uri"), o.text("path"), o.text("request"), // as recorders have it
		o.object("pagination").text("next_url"), o.object("paging").text("next")} {
		from = l.sourceOfURL(asked, from)
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if err := l.read(o[name], from); err != nil {
			return err
		}
	}
	return nil
}
