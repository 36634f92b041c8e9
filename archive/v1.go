package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strings"

	"github.com/igv1/instagram"
)

// A list is which list of v1 something stands in.
type list struct {
	name  string // follows, followed-by, requested-by, comments, likes; empty for all others
	owner string // the id or the name of the user or the media that it is of
}

var listPath = regexp.MustCompile(`(?i)(?:^|[/_.-])(follows|following|followed[-_]by|followers|requested[-_]by|comments|likes)(?:[/_.-]|$)`)

// ownerPath is an id or self next to the name of a list.
var ownerPath = regexp.MustCompile(`(?i)(?:^|[/_.-])(self|[0-9]+(?:_[0-9]+)?)$`)

var ownerBehind = regexp.MustCompile(`^[/_.-]?([0-9]+(?:_[0-9]+)?)(?:[/.]|$)`)

// listOf reads the path of a request, or of a file that is named after one, as in
// /v1/users/1574083/follows and media/657988443280050001_25025320/comments.json.
func listOf(path string) list {
	found := listPath.FindAllStringSubmatchIndex(path, -1)
	if found == nil {
		return list{}
	}
	at := found[len(found)-1]
	var l list
	switch name := strings.ToLower(path[at[2]:at[3]]); {
	case name == "following", name == "follows":
		l.name = "follows"
	case strings.HasPrefix(name, "follow"):
		l.name = "followed-by"
	case strings.HasPrefix(name, "requested"):
		l.name = "requested-by"
	default:
		l.name = name
	}
	before := strings.TrimRight(path[:at[2]], "/_.-")
	if owner := ownerPath.FindStringSubmatch(before); owner != nil {
		l.owner = strings.ToLower(owner[1])
	} else if owner := ownerBehind.FindStringSubmatch(path[at[3]:]); owner != nil {
		l.owner = owner[1]
	}
	return l
}

// listOfURL reads a URL, and keeps what is known if that says nothing.
func listOfURL(raw string, known list) list {
	u, err := url.Parse(raw)
	if raw == "" || err != nil {
		return known
	}
	if l := listOf(u.Path); l.name != "" {
		return l
	}
	return known
}

// pageOfMedia reads a page of media, or a media, at once. It is what archives of v1 consist of; all
// else, and all that is wrong, takes the long way.
func (c *collector) pageOfMedia(raw []byte) bool {
	if !c.reader.options.reads(FormatV1) {
		return false
	}
	switch {
	case bytes.HasPrefix(raw, []byte(`{"meta"`)), bytes.HasPrefix(raw, []byte(`{"data"`)), bytes.HasPrefix(raw, []byte(`{"pagination"`)):
		page, err := instagram.DecodePage[instagram.MediaEntry](bytes.NewBuffer(raw))
		if err != nil || len(page.Items) == 0 {
			return false
		}
		extra := false
		for _, m := range page.Items {
			if !isMedia(m) {
				return false
			}
			extra = extra || len(m.Extra) > 0
		}
		if extra && isExtended(raw) {
			return false
		}
		c.format = FormatV1
		for _, m := range page.Items {
			c.media(m)
		}
		return true
	case bytes.HasPrefix(raw, []byte(`{"id":"`)), bytes.HasPrefix(raw, []byte(`{"attribution":`)):
		m := new(instagram.MediaEntry)
		if m.UnmarshalJSON(raw) != nil || !isMedia(m) || len(m.Extra) > 0 && isExtended(raw) {
			return false
		}
		c.format = FormatV1
		c.media(m)
		return true
	}
	return false
}

// notMedia are members that other things have.
var notMedia = []string{"text", "message", "from", "username", "media_count", "media_type", "media_url", "permalink", "shortcode",
	"__typename", "pk", "latitude", "node", "request", "response", "_id", "string_list_data", "media", "outgoing_status"}

// isMedia says whether what was read as a media is one.
func isMedia(m *instagram.MediaEntry) bool {
	if m.ID == "" || m.CreatedTime.IsZero() && m.Link == "" && m.Images.StandardResolution.URL == "" && m.Type == "" {
		return false
	}
	if len(m.Extra) == 0 {
		return true
	}
	for _, name := range notMedia {
		if _, has := m.Extra[name]; has {
			return false
		}
	}
	return true
}

func isV1(f *found) bool {
	if meta := f.object.object("meta"); meta != nil && (meta.has("code") || meta.has("error_type")) {
		return true
	}
	return f.has("data", "pagination") || f.has("code", "error_type") || shapeIn(f.list, f.object) != ""
}

// v1 reads an answer, or what stands in one.
func (c *collector) v1(f *found) {
	if kind := shapeIn(f.list, f.object); kind != "" {
		c.v1Entry(f.raw, kind, f.list)
		if kind == KindUser { // collections keep what is of a user in it
			for _, m := range f.object {
				if isArray(m.value) || isObject(m.value) && m.name != "counts" {
					c.any(m.value, list{}, append(f.keys[:len(f.keys):len(f.keys)], m.name))
				}
			}
		}
		return
	}
	meta := f.object.object("meta")
	if meta == nil {
		meta = f.object
	}
	if code, _ := numberOf(meta.get("code")); code >= 400 || meta.has("error_type") {
		c.fail(c.answered(&instagram.Error{
			Code: int(code), Type: instagram.ErrorType(meta.text("error_type")), Message: meta.text("error_message"),
		}))
		return
	}
	from := listOfURL(f.object.object("pagination").text("next_url", "next"), f.list)
	switch data := f.get("data"); {
	case isArray(data):
		for _, element := range elements(data) {
			c.v1Element(element, from)
		}
	case isObject(data):
		c.v1Element(data, from)
	}
	if data := f.get("data"); len(data) < 3 || isNull(data) {
		c.skip("answers without data")
	}
}

// answered adds what the recording tells of the answer.
func (c *collector) answered(err *instagram.Error) error {
	if c.call != nil {
		err.StatusCode = c.call.status
	}
	return err
}

// v1Element reads an element of an answer's data.
func (c *collector) v1Element(raw []byte, from list) {
	o, err := parseObject(raw)
	if err != nil {
		c.fail(c.syntax(raw, err))
		return
	}
	if isExtended(raw) {
		if raw, o, err = plainJSON(raw); err != nil {
			c.fail(err)
			return
		}
	}
	kind := shapeIn(from, o)
	if kind == "" && o.has("latitude", "longitude") {
		kind = KindLocation // a bare point
	}
	if kind != "" {
		c.v1Entry(raw, kind, from)
		return
	}
	before := len(c.out.outcomes) + c.skips
	c.any(raw, from, nil) // the Graph has answers of this form too
	if len(c.out.outcomes)+c.skips == before {
		c.skip("entries that are none of v1's")
	}
}

// shapeIn is shapeOf for an object in a list: in one of users, a name alone is a user.
func shapeIn(from list, o object) Kind {
	kind := shapeOf(o)
	if kind == "" && from.name != "" && from.name != "comments" && o.has("username") && len(o) == 1 {
		return KindUser
	}
	return kind
}

// shapeOf tells by its members what an object of v1 is; "" is none.
func shapeOf(o object) Kind {
	switch {
	case o.has("from") && (o.get("text") != nil || o.get("message") != nil) && !o.has("images"):
		return KindComment
	case o.has("media_type"), o.has("shortcode"), o.has("shortCode"), o.has("pk"), o.has("__typename"), o.has("string_list_data"), o.has("data"),
		isGraphUser(o):
		return ""
	case o.has("images") && (o.has("user") || o.has("id") || o.has("created_time")),
		o.has("user", "created_time") && (o.has("link") || o.has("type") || o.has("likes") || o.has("caption")):
		return KindMedia
	case o.has("id") && (o.has("type") && o.has("link") || o.has("created_time") && (o.has("likes") || o.has("caption") || o.has("videos"))):
		return KindMedia
	case o.has("username") && (o.has("id") || o.has("full_name") || o.has("profile_picture") || o.has("bio")):
		return KindUser
	case o.has("name", "media_count"):
		return KindTag
	case o.has("latitude", "longitude") && (o.has("id") || o.has("name")) && len(o) <= 8:
		return KindLocation
	case o.has("id", "counts") && (o.has("full_name") || o.has("bio")):
		return KindUser
	case o.has("outgoing_status") || o.has("incoming_status"):
		return kindRelationship
	}
	return ""
}

// kindRelationship is of answers that are read and hold nothing to yield.
const kindRelationship Kind = "relationship"

// v1Entry reads one object of v1.
func (c *collector) v1Entry(raw []byte, kind Kind, from list) {
	switch kind {
	case KindMedia:
		if m := decode[instagram.MediaEntry](c, raw); m != nil {
			c.media(m)
		}
	case KindComment:
		if comment := decode[instagram.CommentEntry](c, raw); comment != nil {
			e := &Entry{Kind: KindComment, Comment: comment}
			if from.name == "comments" {
				e.MediaID = from.owner
			}
			c.entry(e)
		}
	case KindUser:
		c.v1User(raw, from)
	case KindTag:
		if tag := decode[instagram.TagInfo](c, raw); tag != nil {
			c.entry(&Entry{Kind: KindTag, Tag: tag})
		}
	case KindLocation:
		if location := decode[instagram.LocationInfo](c, raw); location != nil {
			c.entry(&Entry{Kind: KindLocation, Location: location})
		}
	default:
		c.skip("relationships: they say nothing without the user they are of")
	}
}

// v1User reads a user, who is in one list or another.
func (c *collector) v1User(raw []byte, from list) {
	switch from.name {
	case "follows":
		if u := decode[instagram.UserShortInfo](c, raw); u != nil {
			c.entry(&Entry{Kind: KindFollow, Follow: u, Owner: from.owner})
		}
	case "followed-by":
		if u := decode[instagram.UserShortInfo](c, raw); u != nil {
			c.entry(&Entry{Kind: KindFollower, Follower: u, Owner: from.owner})
		}
	case "likes":
		if u := decode[instagram.UserShortInfo](c, raw); u != nil {
			c.entry(&Entry{Kind: KindLike, Like: &Like{User: *u, Media: instagram.MediaEntry{ID: from.owner}}, MediaID: from.owner})
		}
	default:
		if u := decode[instagram.UserInfo](c, raw); u != nil {
			c.entry(&Entry{Kind: KindUser, User: u})
		}
	}
}

// decode reads a model, or reports why it cannot.
func decode[T any, P interface {
	*T
	UnmarshalJSON([]byte) error
}](c *collector, raw []byte) *T {
	value := new(T)
	if err := P(value).UnmarshalJSON(raw); err != nil {
		c.fail(err)
		return nil
	}
	return value
}

// syntax says where a text stops being JSON.
func (c *collector) syntax(raw []byte, otherwise error) error {
	var skipped json.RawMessage
	err := json.Unmarshal(raw, &skipped)
	if failure, ok := errors.AsType[*json.SyntaxError](err); ok {
		return &instagram.DecodeError{Offset: failure.Offset, Err: failure}
	}
	return otherwise
}
