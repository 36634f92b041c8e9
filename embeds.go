package instagram

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"strings"

	"github.com/igv1/instagram/internal/check"
	"github.com/igv1/instagram/internal/wire"
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
	call := newCall(s, http.MethodGet, "/oembed").
		link("url", link).number("maxwidth", o.MaxWidth, math.MaxInt32).
		flag("hidecaption", o.HideCaption).flag("omitscript", o.OmitScript)
	embed, _, err := fetch(ctx, call, readEmbed)
	return embed, err
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
	if err := refused("link", check.MediaPage(link)); err != nil {
		return "", err
	}
	switch size {
	case ImageThumbnail, ImageMedium, ImageLarge:
	default:
		return "", &ParameterError{"size", "it is not t, m or l"}
	}
	u, err := url.Parse(link)
	if err != nil {
		return "", err
	}
	picture := url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimSuffix(u.Path, "/") + "/media/", RawQuery: "size=" + string(size)}
	return picture.String(), nil
}

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

var embedTable = wire.Table[Embed]{
	Extra: func(e *Embed) *wire.Extra { return &e.Extra },
	Rows: []wire.Row[Embed]{
		{Name: "version", Field: func(e *Embed) any { return &e.Version }},
		{Name: "type", Field: func(e *Embed) any { return &e.Type }},
		{Name: "title", Field: func(e *Embed) any { return &e.Title }, Optional: true},
		{Name: "html", Field: func(e *Embed) any { return &e.HTML }, Optional: true},
		{Name: "url", Field: func(e *Embed) any { return &e.URL }, Optional: true},
		{Name: "author_name", Field: func(e *Embed) any { return &e.AuthorName }},
		{Name: "author_url", Field: func(e *Embed) any { return &e.AuthorURL }},
		{Name: "author_id", Field: func(e *Embed) any { return &e.AuthorID }},
		{Name: "media_id", Field: func(e *Embed) any { return &e.MediaID }},
		{Name: "provider_name", Field: func(e *Embed) any { return &e.ProviderName }},
		{Name: "provider_url", Field: func(e *Embed) any { return &e.ProviderURL }},
		{Name: "width", Field: func(e *Embed) any { return &e.Width }},
		{Name: "height", Field: func(e *Embed) any { return &e.Height }},
		{Name: "thumbnail_url", Field: func(e *Embed) any { return &e.ThumbnailURL }, Optional: true},
		{Name: "thumbnail_width", Field: func(e *Embed) any { return &e.ThumbnailWidth }, Optional: true},
		{Name: "thumbnail_height", Field: func(e *Embed) any { return &e.ThumbnailHeight }, Optional: true},
	},
}

// UnmarshalJSON reads ids as strings or as numbers.
func (e *Embed) UnmarshalJSON(data []byte) error { return unmarshal(&embedTable, data, e) }

// MarshalJSON writes ids as strings.
func (e Embed) MarshalJSON() ([]byte, error) { return marshal(&embedTable, &e) }
