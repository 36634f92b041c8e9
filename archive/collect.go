package archive

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/igv1/instagram"
)

// A collector takes what is found in the values of one file.
type collector struct {
	reader *reader
	file   *File
	out    *batch

	format Format
	offset int64
	sub    uint32
	skips  int
	depth  int // of JSON in strings, and of values in values

	call *call // the recording of a test tool that is being read, or nil
}

// A call is what a recording has kept of a request and its answer.
type call struct {
	method, url string
	status      int
	header      http.Header
	body        []byte
}

func (c *collector) source() Source {
	s := Source{File: c.file.Name, Offset: c.offset, Format: c.format}
	if c.call != nil {
		s.Request, s.Status, s.Header = c.call.request(), c.call.status, c.call.header
	}
	return s
}

// as reads in a format, unless that is not wanted.
func (c *collector) as(f Format, read func()) {
	if !c.reader.options.reads(f) {
		c.format = f
		c.skip("a format that was not asked for")
		return
	}
	outer := c.format
	if c.format == "" || c.call == nil {
		c.format = f
	}
	read()
	c.format = outer
}

// skip counts what is not read.
func (c *collector) skip(why string) {
	c.skips++
	if c.out.skipped == nil {
		c.out.skipped = map[reason]int{}
	}
	if len(c.out.skipped) < maxReasons {
		c.out.skipped[reason{c.format, why}]++
	}
}

// maxReasons bounds the reasons of one batch.
const maxReasons = 100

// fail reports an entry that could not be read.
func (c *collector) fail(err error) {
	_, failed := errors.AsType[*instagram.Error](err)
	c.out.outcomes = append(c.out.outcomes, outcome{err: &Error{Source: c.source(), Err: err}, failed: failed})
}

// entry takes an entry, and where it is wanted what stands in it.
func (c *collector) entry(e *Entry) {
	if e.Kind == KindMedia && e.Media.ID == "" {
		e.Media.ID = idOfPost(e.Media)
	}
	e.Source = c.source()
	e.position = position{file: c.file.number, offset: c.offset, sub: c.sub}
	c.sub++
	for _, uri := range e.uris {
		if f := c.reader.source.find(c.file, uri); f != nil {
			e.Files = append(e.Files, f)
		}
	}
	c.out.outcomes = append(c.out.outcomes, outcome{entry: e})
	if e.Kind != KindMedia || c.reader.number == 1 {
		return
	}
	id := e.Media.ID
	if c.reader.wanted.has(KindComment) {
		for i := range e.Media.Comments.Data {
			c.inside(&Entry{Kind: KindComment, Comment: &e.Media.Comments.Data[i], MediaID: id}, e)
		}
	}
	if c.reader.wanted.has(KindLike) {
		for i := range e.Media.Likes.Data {
			like := &Like{User: e.Media.Likes.Data[i], Media: instagram.MediaEntry{ID: id, Link: e.Media.Link, User: e.Media.User}}
			c.inside(&Entry{Kind: KindLike, Like: like, MediaID: id}, e)
		}
	}
}

// inside takes an entry that stands in another one.
func (c *collector) inside(e, outer *Entry) {
	e.Source, e.inside = outer.Source, true
	e.position = outer.position
	c.out.outcomes = append(c.out.outcomes, outcome{entry: e})
}

func (c *collector) media(m *instagram.MediaEntry, uris ...string) {
	c.entry(&Entry{Kind: KindMedia, Media: m, uris: uris})
}

// value reads a value of whatever format, or the values that are on one line.
func (c *collector) value(v *value) {
	if c.format = ""; c.pageOfMedia(v.raw) {
		return
	}
	for i := 0; i < len(v.raw); {
		c.offset = v.offset + int64(i)
		end := skipValue(v.raw, i)
		if end < 0 {
			c.fail(c.syntax(v.raw[i:], errNotJSON))
			return
		}
		c.one(v.raw[i:end], v.keys)
		i = skipSpace(v.raw, end)
		for i < len(v.raw) && v.raw[i] == ',' {
			i = skipSpace(v.raw, i+1)
		}
	}
}

// one reads one value.
func (c *collector) one(raw []byte, keys []string) {
	c.format = ""
	before := len(c.out.outcomes) + c.skips
	if c.pageOfMedia(raw) {
		return
	}
	c.any(raw, listOf(c.file.Name), keys)
	if len(c.out.outcomes)+c.skips == before && !isAround(keys) {
		c.skip("nothing of Instagram's in it")
	}
}

// isAround says whether the names lead to what an answer has around its data.
func isAround(keys []string) bool {
	return len(keys) > 0 && slices.Contains([]string{"meta", "pagination", "paging"}, keys[len(keys)-1])
}

const maxNested = 64 // values in values, and in strings

// any reads a value: as the first format that knows it, or else what is in it.
func (c *collector) any(raw []byte, from list, keys []string) {
	if c.depth >= maxNested {
		c.skip(fmt.Sprintf("values over %d deep", maxNested))
		return
	}
	c.depth++
	defer func() { c.depth-- }()
	switch {
	case isArray(raw):
		if c.rowOf2018(raw, keys) {
			return
		}
		for _, element := range elements(raw) {
			c.any(element, from, keys)
		}
	case isObject(raw):
		c.object(raw, from, keys)
	case len(raw) > 20 && raw[0] == '"' && (raw[1] == '{' || raw[1] == '['):
		c.any([]byte(stringOf(raw)), from, keys) // caches keep JSON as text
	}
}

// object reads an object.
func (c *collector) object(raw []byte, from list, keys []string) {
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
	found := found{object: o, raw: raw, list: from, keys: keys}
	for _, f := range formats {
		if f.match(&found) {
			c.as(f.name, func() { f.read(c, &found) })
			return
		}
	}
	if what := notRead(o); what != "" {
		c.skip(what)
		return
	}
	for _, m := range o {
		if isObject(m.value) || isArray(m.value) || len(m.value) > 20 {
			c.any(m.value, from, append(keys[:len(keys):len(keys)], m.name))
		}
	}
}

// notRead names an object that is Instagram's and holds no entry, or is made by a program whose
// format is not read.
func notRead(o object) string {
	switch {
	case o.has("provider_name", "author_name"):
		return "oEmbed answers"
	case o.has("callback_url", "aspect"), o.has("subscription_id", "changed_aspect"):
		return "subscriptions"
	case o.has("name", "period", "values"):
		return "insights"
	case o.has("shortCode") && (o.has("ownerUsername") || o.has("displayUrl")):
		return "scrapes of Apify"
	}
	return ""
}

// found is an object whose format is asked for.
type found struct {
	object
	raw  []byte
	list list     // what list it is in, as the path of the file or of the request tells
	keys []string // the names that lead to it
}

// key is the name of the list that it is in.
func (f *found) key() string {
	for i := len(f.keys) - 1; i >= 0; i-- {
		if f.keys[i] != "" {
			return f.keys[i]
		}
	}
	return ""
}
