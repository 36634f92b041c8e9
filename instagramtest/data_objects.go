package instagramtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is a JSON object as it was recorded. Its numbers are json.Numbers, so that none loses a digit.
type object map[string]any

func (o object) text(name string) string {
	s, _ := o[name].(string)
	return s
}

func (o object) object(name string) object {
	v, _ := o[name].(map[string]any)
	return v
}

func (o object) has(names ...string) bool {
	for _, name := range names {
		if _, ok := o[name]; !ok {
			return false
		}
	}
	return true
}

// objects are the objects in an array.
func objects(v any) []object {
	var list []object
	array, _ := v.([]any)
	for _, e := range array {
		if o, ok := e.(map[string]any); ok {
			list = append(list, o)
		}
	}
	return list
}

// digits is an id, or another whole number, that came as a string or as a number; "" if it is neither.
func digits(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	default:
		return ""
	}
}

func (o object) id() (uint64, error) {
	id, ok := parseID(digits(o["id"]))
	if !ok {
		return 0, fmt.Errorf("the id %s is not a number", asJSON(o["id"]))
	}
	return id, nil
}

// count is a number of things, and whether there is one.
func count(v any) (int, bool) {
	n, err := strconv.Atoi(digits(v))
	return n, err == nil
}

// float is a number, or 0 for what JSON could not say again: too large a one, or a text such as NaN.
func (o object) float(name string) float64 {
	f, err := strconv.ParseFloat(digits(o[name]), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

// when is a time as any generation wrote it, in UNIX seconds; 0 if there is none.
func when(v any) (int64, error) {
	s := digits(v)
	if s == "" {
		return 0, nil
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && math.Abs(f) < 1<<40 {
		return int64(f), nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05-0700", time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Unix(), nil
		}
	}
	return 0, fmt.Errorf("created_time %q is not a time", s)
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// jsonp is an answer that was asked for with a callback.
var jsonp = regexp.MustCompile(`(?s)^\s*[A-Za-z_$][\w$.\[\]]*\((.*)\);?\s*$`)

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
		l.tagCounts[tagName(o.text("name"))] = n
	default:
		return l.readOther(o, from)
	}
	return nil
}

// readOther looks into an envelope, or whatever else it may be. Answers that are errors hold nothing.
func (l *loader) readOther(o object, from source) error {
	if code, ok := count(o.object("meta")["code"]); ok && code >= 400 {
		return nil
	}
	if o.has("access_token", "user") {
		id, _ := parseID(digits(o.object("user")["id"]))
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

// person is the user of an id, who may not have been met yet.
func (l *loader) person(id uint64) *user {
	u := l.people[id]
	if u == nil {
		u = &user{id: id}
		l.people[id] = u
		l.order = append(l.order, u)
	}
	return u
}

var userMembers = []string{"id", "username", "full_name", "profile_picture", "bio", "website", "is_business", "counts"}

// readUser adds what is known of a user, in short or in full, to what was known.
func (l *loader) readUser(o object) (*user, error) {
	id, err := o.id()
	if err != nil {
		return nil, fmt.Errorf("user: %w", err)
	}
	u := l.person(id)
	for name, field := range map[string]*string{
		"username": &u.username, "full_name": &u.fullName, "profile_picture": &u.picture, "bio": &u.bio, "website": &u.website,
	} {
		if s := o.text(name); s != "" {
			*field = s
		}
	}
	if u.fullName == "" {
		u.fullName = strings.TrimSpace(o.text("first_name") + " " + o.text("last_name"))
	}
	if business, ok := o["is_business"].(bool); ok {
		u.business = business
	}
	if counts := o.object("counts"); counts != nil {
		c := &userCounts{}
		c.media, _ = count(counts["media"])
		c.follows, _ = count(counts["follows"])
		c.followedBy, _ = count(counts["followed_by"])
		l.userCounts[u] = c
		u.more = l.otherMembers(o, userMembers)
	}
	if l.self() {
		l.votes[id]++
	}
	return u, nil
}

// readComment reads a comment or a caption. The id may be missing.
func (l *loader) readComment(o object) (*comment, error) {
	c := &comment{text: o.text("text")}
	if c.text == "" {
		c.text = o.text("message")
	}
	if o["id"] != nil {
		var err error
		if c.id, err = o.id(); err != nil {
			return nil, fmt.Errorf("comment: %w", err)
		}
	}
	var err error
	if c.created, err = when(o["created_time"]); err != nil {
		return nil, fmt.Errorf("comment: %w", err)
	}
	if from := o.object("from"); from != nil {
		if c.from, err = l.readUser(from); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// readPlace files a place, if it is one that has an id.
func (l *loader) readPlace(o object) *place {
	id, err := o.id()
	if err != nil {
		return nil
	}
	p := l.places[id]
	if p == nil {
		p = &place{id: id}
		l.places[id] = p
	}
	if name := o.text("name"); name != "" {
		p.name = name
	}
	if address := o.text("street_address"); address != "" {
		p.address = address
	}
	if o["latitude"] != nil && o["longitude"] != nil {
		p.point = point{o.float("latitude"), o.float("longitude")}
	}
	return p
}

// otherMembers writes those members of an object that are not among the known ones, each after a comma.
func (l *loader) otherMembers(o object, known []string) []byte {
	var b []byte
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if !slices.Contains(known, name) && !(l.counting && strings.HasSuffix(name, "type")) {
			b = appendMember(b, name, asJSON(o[name]))
		}
	}
	return b
}

func appendMember(b []byte, name string, value []byte) []byte {
	b = append(b, ',')
	b = quote(b, name)
	b = append(b, ':')
	return append(b, value...)
}
