package recorded

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// jsonp is an answer that was asked for with a callback.
var jsonp = regexp.MustCompile(`(?s)^\s*(?:/\*\*/\s*)?[A-Za-z_$][\w$.\[\]]*\((.*)\);?\s*$`)

// readFile files everything that can be used of a file of recordings.
func (l *loader) readFile(f recording) {
	l.at, l.line = f.path, 1
	rest := bytes.TrimPrefix(f.content, byteOrderMark)
	if wrapped := jsonp.FindSubmatch(rest); wrapped != nil {
		rest = wrapped[1]
	}
	for len(rest) > 0 {
		read, err := l.readValues(rest, sourceOf(withoutExtension(f.path)))
		if err == nil {
			return
		}
		l.skip(jsonError(err))
		if strings.EqualFold(path.Ext(f.path), ".json") {
			return // nothing can be read after a mistake
		}
		_, rest, _ = bytes.Cut(rest[read:], []byte{'\n'})
		l.line++
	}
}

// readValues files the values of a text. If one is no JSON, it says where that one begins.
func (l *loader) readValues(text []byte, from source) (read int, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	for {
		at := int(d.InputOffset())
		at += len(text[at:]) - len(bytes.TrimLeft(text[at:], " \t\r\n"))
		l.line += bytes.Count(text[read:at], []byte{'\n'})
		read = at
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			return read, nil
		}
		if err != nil {
			return read, err
		}
		l.read(v, from)
	}
}

func jsonError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON ends too early")
	}
	return err
}

// read files what a value holds. What is not from the API is passed over, and what cannot be used
// is told.
func (l *loader) read(v any, from source) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			l.read(e, from)
		}
	case map[string]any:
		if err := l.readObject(v, from); err != nil {
			l.skip(err)
		}
	}
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
		l.readOther(o, from)
	}
	return nil
}

// readOther looks into an envelope, or whatever else it may be. Answers that are errors hold
// nothing.
func (l *loader) readOther(o object, from source) {
	if code, ok := count(o.object("meta")["code"]); ok && code >= 400 {
		return
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
		l.read(o[name], from)
	}
}
