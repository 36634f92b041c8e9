package instagram

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// EmbedsService holds the endpoint for embedding. It lives beside /v1, needs no token and sends
// none.
type EmbedsService service

// Embed is how to show a media on another page, in the terms of oEmbed.
type Embed struct {
	Version string // "1.0"
	Type    string // "rich", or "photo" and "video" from older servers
	Title   string // the caption
	HTML    string // as the server sent it: trust it as far as the server
	URL     string // the picture itself, from older servers

	AuthorName   string
	AuthorURL    string
	AuthorID     string
	MediaID      string
	ProviderName string
	ProviderURL  string

	Width  int // pixels
	Height int // pixels; 0 where it follows from the width

	ThumbnailURL    string
	ThumbnailWidth  int // pixels
	ThumbnailHeight int // pixels

	Extra map[string]json.RawMessage
}

// EmbedOptions say how [EmbedsService.Get] shall show a media.
type EmbedOptions struct {
	MaxWidth    int  // pixels; the default of 0 leaves it to the server
	HideCaption bool // leave the caption out of HTML
	OmitScript  bool // leave the script out of HTML, for pages that load it once
}

// Get returns how to show a media on another page. The link is that of the media's own page, as in
// [MediaEntry.Link].
//
// Instagram API: GET /oembed
func (s *EmbedsService) Get(ctx context.Context, link string, opts *EmbedOptions) (*Embed, error) {
	o := value(opts)
	call := s.api.call(http.MethodGet, "/oembed").
		link("url", link).number("maxwidth", o.MaxWidth, math.MaxInt32).
		flag("hidecaption", o.HideCaption).flag("omitscript", o.OmitScript)
	embed, _, err := fetch(ctx, s.core, call, readEmbed)
	return embed, err
}

// newEmbedAPI describes the endpoint that anyone may call.
func newEmbedAPI(base string) *api {
	return &api{base: base, authorize: authorizeNobody, readError: readText}
}

func authorizeNobody(_ context.Context, _ *core, call *call) (credentials, error) {
	return newCredentials(call), nil
}

// readText takes into an error what an answer of oEmbed says, which is a line of text.
func readText(e *Error, body []byte) bool {
	failed := readMeta(e, body)
	if failed || e.StatusCode < http.StatusBadRequest || len(body) > 8*maxMessage {
		return failed
	}
	if text := strings.TrimSpace(string(body)); !strings.ContainsAny(text, "<{\r\n") {
		e.Message = strings.ToValidUTF8(text, "\uFFFD")
	}
	return failed
}

// ImageSize is one of the sizes that the web site has a picture in.
type ImageSize string

// The sizes of [ImageURL].
const (
	ImageThumbnail ImageSize = "t" // 150 px
	ImageMedium    ImageSize = "m" // 306 px
	ImageLarge     ImageSize = "l" // 612 px
)

// ImageURL returns the URL that redirects to the picture of a media, for an img element or a
// download. It is made of the link to the page of the media, as in [MediaEntry.Link], and asks no
// server: http://instagram.com/p/D/ becomes http://instagram.com/p/D/media/?size=l.
func ImageURL(link string, size ImageSize) (string, error) {
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !plainHost.MatchString(u.Host) {
		return "", &ParameterError{"link", "it is not an absolute http or https URL"}
	}
	if !mediaPage.MatchString(u.Path) {
		return "", &ParameterError{"link", "it does not end in /p/ and a shortcode"}
	}
	switch size {
	case ImageThumbnail, ImageMedium, ImageLarge:
	default:
		return "", &ParameterError{"size", "it is not t, m or l"}
	}
	picture := url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimSuffix(u.Path, "/") + "/media/", RawQuery: "size=" + string(size)}
	return picture.String(), nil
}

// What stands in a URL that goes into an attribute of HTML is kept to what no quoting can break.
var (
	plainHost = regexp.MustCompile(`^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?$`)
	mediaPage = regexp.MustCompile(`^(/[A-Za-z0-9_.~-]+)*/p/[A-Za-z0-9_-]+/?$`)
)

// readEmbed reads the body of an answer, which has no envelope around it.
func readEmbed(body []byte) (*Embed, MetaData, error) {
	if meta, err := decodeMeta(body); err == nil {
		return nil, meta, errNoEmbed
	}
	e := new(Embed)
	if err := e.UnmarshalJSON(body); err != nil {
		return nil, MetaData{}, err
	}
	if e.Type == "" && e.HTML == "" {
		return nil, MetaData{}, errNoEmbed
	}
	return e, MetaData{}, nil
}

var errNoEmbed = errors.New("it has neither type nor html")
