// Package params reads the parameters of a request and checks their values.
package params

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// MaxBody is how long the body of a request may be, in bytes.
const MaxBody = 1 << 20

const maxFormParts = 1000

// Params are the parameters of a request, from its query and from its form body, whatever its
// method.
type Params struct{ url.Values }

// Get is the last value of a parameter that comes more than once: scripts that follow a next_url
// add their callback to the one that is there.
func (p Params) Get(name string) string {
	if v := p.Values[name]; len(v) > 0 {
		return v[len(v)-1]
	}
	return ""
}

// Read takes what can be read of the parameters. A value in the body counts more than one in the
// query. A body without a content type is a form: clients of the first years sent theirs so.
func Read(r *http.Request) (Params, *apierror.Error) {
	query, err := parseQuery(r.URL.RawQuery)
	p := Params{query}
	if err != nil {
		return p, apierror.InvalidParameter("the query cannot be read")
	}
	if r.ContentLength == 0 || r.Body == nil {
		return p, nil
	}
	form, err := readForm(r)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return p, apierror.TooLarge
	}
	if err != nil {
		return p, apierror.InvalidParameter("the form in the request body cannot be read")
	}
	for k, v := range form {
		p.Values[k] = append(p.Values[k], v...)
	}
	return p, nil
}

// parseQuery takes a semicolon for what it is, not for a separator as some once did.
func parseQuery(s string) (url.Values, error) {
	return url.ParseQuery(strings.ReplaceAll(s, ";", "%3B"))
}

func readForm(r *http.Request) (url.Values, error) {
	body := http.MaxBytesReader(nil, r.Body, MaxBody)
	kind, attributes, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "", "application/x-www-form-urlencoded":
		b, err := io.ReadAll(body)
		if err != nil {
			return nil, err
		}
		return parseQuery(string(b))
	case "multipart/form-data":
		form := url.Values{}
		reader := multipart.NewReader(body, attributes["boundary"])
		for range maxFormParts {
			part, err := reader.NextPart()
			if errors.Is(err, io.EOF) {
				return form, nil
			}
			if err != nil {
				return nil, err
			}
			b, err := io.ReadAll(part)
			if err != nil {
				return nil, err
			}
			form.Add(part.FormName(), string(b))
		}
		return nil, errors.New("too many parts")
	default:
		return nil, nil // another kind of body holds no parameters
	}
}

// Count is how many entries a page has: the default when nothing or 0 is asked for, and never more
// than the maximum.
func (p Params) Count(byDefault, maximum int) (int, *apierror.Error) {
	s := p.Get("count")
	if s == "" || s == "0" {
		return byDefault, nil
	}
	n, err := strconv.Atoi(s)
	if errors.Is(err, strconv.ErrRange) && n > 0 {
		return maximum, nil
	}
	if err != nil || n < 0 {
		return 0, apierror.InvalidParameter("count must be a positive number")
	}
	return min(n, maximum), nil
}

// Timestamp is a UNIX time, and whether there is one.
func (p Params) Timestamp(name string) (t int64, given bool, failed *apierror.Error) {
	s := p.Get(name)
	if s == "" {
		return 0, false, nil
	}
	t, err := strconv.ParseInt(s, 10, 64)
	if err != nil || t < 0 {
		return 0, false, apierror.InvalidParameter("%s must be a UNIX timestamp", name)
	}
	return t, true, nil
}

// Cursor is a number that the server gave out to page by, 0 if there is none.
func (p Params) Cursor(name string) (uint64, *apierror.Error) {
	s := p.Get(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, apierror.InvalidParameter("%s is not valid", name)
	}
	return n, nil
}

// MediaID is the number of a media given in either form of its id, 0 if there is none.
func (p Params) MediaID(name string) (uint64, *apierror.Error) {
	s := p.Get(name)
	if s == "" || s == "0" {
		return 0, nil
	}
	n, _, ok := world.ParseMediaID(s)
	if !ok {
		return 0, apierror.InvalidParameter("%s is not a media id", name)
	}
	return n, nil
}

func (p Params) degrees(name string, limit float64) (float64, *apierror.Error) {
	f, err := strconv.ParseFloat(p.Get(name), 64)
	if err != nil || !(f >= -limit && f <= limit) { // also refuses NaN
		return 0, apierror.InvalidParameter("%s must be a number between -%g and %[2]g", name, limit)
	}
	return f, nil
}

// Distances in metres.
const (
	DefaultDistance = 1000
	maxDistance     = 5000
)

// Area is the circle that lat, lng and a distance describe, in degrees and metres. A default of 0
// makes the distance required.
func (p Params) Area(distance string, byDefault float64) (center world.Point, radius float64, failed *apierror.Error) {
	if center.Lat, failed = p.degrees("lat", 90); failed != nil {
		return
	}
	if center.Lng, failed = p.degrees("lng", 180); failed != nil {
		return
	}
	radius = byDefault
	if s := p.Get(distance); s != "" || byDefault == 0 {
		var err error
		radius, err = strconv.ParseFloat(s, 64)
		if err != nil || !(radius > 0 && radius <= maxDistance) {
			return center, 0, apierror.InvalidParameter("%s must be a number of metres up to %d", distance, maxDistance)
		}
	}
	return center, radius, nil
}

const (
	defaultSpan = 5 * 24 * time.Hour
	maxSpan     = 7 * 24 * time.Hour
)

// Span is the time that min_timestamp and max_timestamp enclose, up to seven days, the last five if
// not given.
func (p Params) Span(now time.Time) (after, before int64, failed *apierror.Error) {
	after, hasAfter, failed := p.Timestamp("min_timestamp")
	if failed != nil {
		return
	}
	before, hasBefore, failed := p.Timestamp("max_timestamp")
	if failed != nil {
		return
	}
	if !hasBefore {
		before = now.Unix() + 1
	}
	if !hasAfter {
		after = before - int64(defaultSpan/time.Second)
	}
	switch end := min(before, now.Unix()); {
	case after > before:
		return 0, 0, apierror.InvalidParameter("min_timestamp must be before max_timestamp")
	case end-after > int64(maxSpan/time.Second):
		return 0, 0, apierror.InvalidParameter("the time span must not exceed 7 days")
	}
	return after, before, nil
}
