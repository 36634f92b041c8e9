package archive

import (
	"hash/fnv"
	"math/big"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/igv1/instagram"
)

// firstID is when the ids of media began to count, in milliseconds since 1970.
const firstID = 1314220021721

// derivedID makes the id of a media that came without one: as Instagram made them, of its time, and
// instead of a counter of its name. The same media has the same id in every export.
func derivedID(t time.Time, name string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	ms := t.UnixMilli() - firstID
	if ms < 0 { // ids were small then
		return strconv.FormatUint(uint64(max(t.Unix(), 0))<<20|h.Sum64()&(1<<20-1), 10)
	}
	return strconv.FormatUint(uint64(ms)<<23|h.Sum64()&(1<<23-1), 10)
}

// derivedNumber makes an id of a name.
func derivedNumber(name string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	return strconv.FormatUint(h.Sum64()>>11, 10)
}

var postPath = regexp.MustCompile(`^/(?:[A-Za-z0-9._]+/)?(?:p|reel|reels|tv)/([A-Za-z0-9_-]{5,40})/?$`)

// storyPath is of a story: whose it is, and its id.
var storyPath = regexp.MustCompile(`^/stories/([A-Za-z0-9._]{1,30})/([0-9]{5,20})/?$`)

// idOfLink returns the id of a media from the link to its page, or "".
func idOfLink(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	if found := storyPath.FindStringSubmatch(u.Path); found != nil {
		return found[2]
	}
	found := postPath.FindStringSubmatch(u.Path)
	if found == nil {
		return ""
	}
	return idOfShortcode(found[1])
}

// idOfPost returns the id of a media that came without one, as its link tells it, or "".
func idOfPost(m *instagram.MediaEntry) string {
	id := idOfLink(m.Link)
	if id == "" || m.User.ID == "" {
		return id
	}
	return id + "_" + m.User.ID
}

const shortcodeDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// idOfShortcode reads a shortcode as the number that it is. Those of private media have more behind
// it.
func idOfShortcode(code string) string {
	if len(code) > 28 {
		code = code[:len(code)-28]
	}
	n := new(big.Int)
	for _, c := range code {
		digit := strings.IndexRune(shortcodeDigits, c)
		if digit < 0 {
			return ""
		}
		n.Lsh(n, 6).Or(n, big.NewInt(int64(digit)))
	}
	if n.Sign() == 0 || !n.IsUint64() {
		return ""
	}
	return n.String()
}

var profilePath = regexp.MustCompile(`^/(?:_u/)?([A-Za-z0-9._]{1,30})/?$`)

// nameOfLink returns whose profile a link leads to, or "".
func nameOfLink(link string) string {
	u, err := url.Parse(link)
	if err != nil || !strings.HasSuffix(u.Hostname(), "instagram.com") {
		return ""
	}
	found := profilePath.FindStringSubmatch(u.Path)
	if found == nil {
		return ""
	}
	return found[1]
}

// nameOfStory returns whose story a link leads to, or "".
func nameOfStory(link string) string {
	found := storyPath.FindStringSubmatch(pathOf(link))
	if found == nil {
		return ""
	}
	return found[1]
}

var username = regexp.MustCompile(`^[A-Za-z0-9_](?:[A-Za-z0-9._]{0,28}[A-Za-z0-9_])?$`)

func isUsername(name string) bool { return username.MatchString(name) }
