package recorded

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// object is a JSON object as it was recorded. Its numbers are json.Numbers, so that none loses a
// digit.
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

// digits is an id, or another whole number, that came as a string or as a number; "" if it is
// neither.
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
	id, ok := world.ParseID(digits(o["id"]))
	if !ok {
		return 0, fmt.Errorf("the id %s is not a number", encode.JSON(o["id"]))
	}
	return id, nil
}

// count is a number of things, and whether there is one.
func count(v any) (int, bool) {
	n, err := strconv.Atoi(digits(v))
	return n, err == nil
}

// float is a number, or 0 for what JSON could not say again: too large a one, or a text such as
// NaN.
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

// person is the user of an id, who may not have been met yet.
func (l *loader) person(id uint64) *world.User {
	u := l.people[id]
	if u == nil {
		u = &world.User{ID: id}
		l.people[id] = u
		l.order = append(l.order, u)
	}
	return u
}

var userMembers = []string{"id", "username", "full_name", "profile_picture", "bio", "website", "is_business", "counts"}

// readUser adds what is known of a user, in short or in full, to what was known.
func (l *loader) readUser(o object) (*world.User, error) {
	u, err := l.whoIs(o)
	if err != nil {
		return nil, fmt.Errorf("user: %w", err)
	}
	for name, field := range map[string]*string{
		"username": &u.Username, "full_name": &u.FullName, "bio": &u.Bio, "website": &u.Website,
	} {
		if s := o.text(name); s != "" {
			*field = s
		}
	}
	if picture := o.text("profile_picture"); picture != "" {
		u.Picture = l.local(picture)
	}
	if u.FullName == "" {
		u.FullName = strings.TrimSpace(o.text("first_name") + " " + o.text("last_name"))
	}
	if business, ok := o["is_business"].(bool); ok {
		u.Business = business
	}
	if counts := o.object("counts"); counts != nil {
		c := &world.UserCounts{}
		c.Media, _ = count(counts["media"])
		c.Follows, _ = count(counts["follows"])
		c.FollowedBy, _ = count(counts["followed_by"])
		l.userCounts[u] = c
		u.More = l.inForm(l.otherMembers(o, userMembers))
	}
	if l.self() {
		l.votes[u.ID]++
	}
	return u, nil
}

// readComment reads a comment or a caption. The id may be missing.
func (l *loader) readComment(o object) (*world.Comment, error) {
	c := &world.Comment{Text: o.text("text")}
	if c.Text == "" {
		c.Text = o.text("message")
	}
	if o["id"] != nil {
		var err error
		if c.ID, err = o.id(); err != nil {
			return nil, fmt.Errorf("comment: %w", err)
		}
	}
	var err error
	if c.Created, err = when(o["created_time"]); err != nil {
		return nil, fmt.Errorf("comment: %w", err)
	}
	if from := o.object("from"); from != nil {
		if c.From, err = l.readUser(from); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// readPlace files a place, if it is one that has an id.
func (l *loader) readPlace(o object) *world.Place {
	id, err := o.id()
	if err != nil {
		return nil
	}
	p := l.Places[id]
	if p == nil {
		p = &world.Place{ID: id}
		l.Places[id] = p
	}
	if name := o.text("name"); name != "" {
		p.Name = name
	}
	if address := o.text("street_address"); address != "" {
		p.Address = address
	}
	if o["latitude"] != nil && o["longitude"] != nil {
		p.Point = world.Point{Lat: o.float("latitude"), Lng: o.float("longitude")}
	}
	return p
}

// otherMembers writes those members of an object that are not among the known ones, each after a
// comma.
func (l *loader) otherMembers(o object, known []string) []byte {
	var b []byte
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if !slices.Contains(known, name) && !(l.Counting && strings.HasSuffix(name, "type")) {
			b = encode.Member(b, name, encode.JSON(o[name]))
		}
	}
	return b
}
