package instagramtest

import (
	_ "embed"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/params"
	"github.com/igv1/instagram/instagramtest/internal/paths"
	"github.com/igv1/instagram/instagramtest/internal/pictures"
	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// card is a media as web pages show it.
type card struct {
	media    *world.Media
	Kind     string // in words: A photo, A video or An album
	Caption  string
	Alt      string // what a picture is for those who do not see it
	Link     string
	Picture  string
	Parts    []view // one, or those of an album
	Author   string
	FullName string
	Face     string
	Place    string
	Posted   time.Time
	Likes    int
	Comments int
	Latest   []said
}

// view is a picture, or a video that has it as its first.
type view struct{ Picture, Video string }

// said is a comment.
type said struct{ Author, Text string }

// latestSaid is how many comments a page shows.
const latestSaid = 5

// publicMedia finds what everybody may see by its shortcode.
func (s *Server) publicMedia(code, origin string) (c card, ok bool) {
	w := s.world.Load()
	w.Mu.RLock()
	defer w.Mu.RUnlock()
	m := w.MediaWithCode(code)
	if m == nil || !world.IsListed(nil, m.Owner) {
		return c, false
	}
	c = card{
		media: m, Kind: [...]string{"A photo", "A video", "An album"}[m.Kind],
		Link: origin + "/p/" + code + "/", Picture: pictures.FileURL(origin, "images", m, 0, pictures.Square612),
		Parts: views(m, origin), Author: m.Owner.Username, FullName: m.Owner.FullName, Face: pictures.ProfileURL(origin, m.Owner),
		Posted: time.Unix(m.Created, 0).UTC(), Likes: m.LikeCount(), Comments: m.CommentCount(),
	}
	c.Alt = c.Kind + " posted by " + c.Author
	if m.Caption != nil {
		c.Caption, c.Alt = m.Caption.Text, m.Caption.Text
	}
	if m.Place != nil {
		c.Place = m.Place.Name
	}
	for _, comment := range world.Latest(m.Comments, latestSaid) {
		c.Latest = append(c.Latest, said{comment.From.Username, comment.Text})
	}
	return c, true
}

// views are what there is to see of a media.
func views(m *world.Media, origin string) []view {
	one := func(kind world.MediaKind, part int) view {
		v := view{Picture: pictures.FileURL(origin, "images", m, part, pictures.Wide640)}
		if kind == world.KindVideo {
			v.Video = pictures.FileURL(origin, "videos", m, part, pictures.Wide640)
		}
		return v
	}
	if len(m.Parts) == 0 {
		return []view{one(m.Kind, 0)}
	}
	var all []view
	for i, p := range m.Parts {
		all = append(all, one(p.Kind, i+1))
	}
	return all
}

//go:embed embed.html
var embedHTML string

var embedPages = template.Must(template.New("embed").Parse(embedHTML))

// webPictures are the sizes in which /p/{shortcode}/media redirects to a picture.
var webPictures = map[string]pictures.Format{"t": pictures.Square150, "": pictures.Square306, "m": pictures.Square306, "l": pictures.Square612}

// pagesOfMedia are what a media's page is called behind its shortcode. Old pages have the others in
// a frame.
var pagesOfMedia = []string{"", "embed", "embed/captioned"}

// servePage answers /p/{shortcode}, a page for people, and /p/{shortcode}/media, which redirects to
// the picture.
func (s *Server) servePage(w *recorder, r *http.Request, rest string) {
	w.Params = r.URL.Query()
	code, file, _ := strings.Cut(strings.TrimRight(rest, "/"), "/")
	origin := s.origin(r)
	found, ok := s.publicMedia(code, origin)
	size, known := webPictures[w.Params.Get("size")]
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		refuseMethod(w)
	case !ok || file != "media" && !slices.Contains(pagesOfMedia, file):
		http.NotFound(w, r)
	case file != "media":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src 'self' "+origin+"; media-src 'self' "+origin+"; style-src 'self'")
		embedPages.ExecuteTemplate(w, "page", found) //nolint:errcheck // a browser that has gone away needs no page
	case !known:
		http.Error(w, "size must be t, m or l", http.StatusBadRequest)
	default:
		http.Redirect(w, r, pictures.FileURL(origin, "images", found.media, 0, size), http.StatusFound)
	}
}

func refuseMethod(w http.ResponseWriter) {
	w.Header().Set("Allow", "GET, HEAD")
	http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
}

// serveEmbedScript answers with the script that the HTML of /oembed asks for. It has nothing to do:
// that HTML shows a picture as it is.
func (s *Server) serveEmbedScript(w *recorder, r *http.Request, _ string) {
	w.Params = r.URL.Query()
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	io.WriteString(w, "window.instgrm = {Embeds: {process: function () {}}};\n")
}

// embedWidth is how wide the HTML of /oembed is if it may.
const embedWidth = 658

// embed is the answer of /oembed.
type embed struct {
	Version         string `json:"version"`
	Type            string `json:"type"`
	Title           string `json:"title"`
	HTML            string `json:"html"`
	URL             string `json:"url"`
	AuthorName      string `json:"author_name"`
	AuthorURL       string `json:"author_url"`
	AuthorID        uint64 `json:"author_id"`
	MediaID         string `json:"media_id"`
	ProviderName    string `json:"provider_name"`
	ProviderURL     string `json:"provider_url"`
	Width           int    `json:"width"`
	Height          *int   `json:"height"` // null for HTML, which is as high as it needs to be
	ThumbnailURL    string `json:"thumbnail_url"`
	ThumbnailWidth  int    `json:"thumbnail_width"`
	ThumbnailHeight int    `json:"thumbnail_height"`
}

// serveOEmbed answers /oembed. It was pictures in the beginning and HTML later on. Errors are text,
// as from the service.
func (s *Server) serveOEmbed(w *recorder, r *http.Request, rest string) {
	p, failed := params.Read(r)
	w.Params = p.Values
	options, err := readEmbedOptions(p)
	origin := s.origin(r)
	switch {
	case rest != "":
		http.NotFound(w, r)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		refuseMethod(w)
		return
	case failed != nil:
		http.Error(w, failed.Message, failed.Status)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	found, ok := s.publicMedia(s.shortcodeOf(p.Get("url"), r.Host), origin)
	if !ok {
		http.Error(w, "No Media Match", http.StatusNotFound)
		return
	}
	b, err := s.embed(found, options, origin)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.sendJSON(w, r, p, http.StatusOK, b)
}

func (s *Server) embed(found card, options embedOptions, origin string) ([]byte, error) {
	var html strings.Builder
	if err := embedPages.ExecuteTemplate(&html, "embed", struct {
		card
		embedOptions
		Script string
	}{found, options, origin + "/embeds.js"}); err != nil {
		return nil, err
	}
	m := found.media
	picture := pictures.Square150
	for _, f := range []pictures.Format{pictures.Square306, pictures.Square612} {
		if f.Width <= options.Width {
			picture = f
		}
	}
	e := embed{
		Version: "1.0", Type: "rich", Title: found.Caption, HTML: html.String(),
		AuthorName: found.Author, AuthorURL: origin + "/" + found.Author, AuthorID: m.Owner.ID, MediaID: string(wire.AppendMediaID(nil, m)),
		ProviderName: "Instagram", ProviderURL: origin + "/", Width: options.Width,
		ThumbnailURL:   pictures.FileURL(origin, "images", m, 0, picture),
		ThumbnailWidth: picture.Width, ThumbnailHeight: picture.Width,
	}
	e.URL = e.ThumbnailURL
	if s.config.wire != Wire2017 {
		e.Type, e.Width, e.Height = "photo", picture.Width, &picture.Width
	}
	return json.Marshal(e)
}

// shortcodeOf is the shortcode in the URL of a media's page, on this server or on one of the
// service's own hosts.
func (s *Server) shortcodeOf(page, host string) string {
	if !strings.Contains(page, "://") {
		page = "http://" + page
	}
	u, err := url.Parse(page)
	if err != nil {
		return ""
	}
	_, own, _ := strings.Cut(s.URL, "://")
	hosts := []string{own, strings.ToLower(host), "instagram.com", "www.instagram.com", "instagr.am", "www.instagr.am"}
	path := paths.Split(u.EscapedPath())
	if len(path) != 2 || path[0] != "p" || !slices.Contains(hosts, strings.ToLower(u.Host)) {
		return ""
	}
	return path[1]
}

// embedOptions are what can be chosen about the HTML of /oembed.
type embedOptions struct {
	Width                   int
	HideCaption, OmitScript bool
}

func readEmbedOptions(p params.Params) (o embedOptions, err error) {
	if p.Get("url") == "" {
		return o, errors.New("url is required")
	}
	o.Width = embedWidth
	if s := p.Get("maxwidth"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n <= 0 {
			return o, errors.New("maxwidth must be a positive number")
		}
		o.Width = min(n, embedWidth)
	}
	for name, option := range map[string]*bool{"hidecaption": &o.HideCaption, "omitscript": &o.OmitScript} {
		if s := p.Get(name); s != "" {
			if *option, err = strconv.ParseBool(s); err != nil {
				return o, errors.New(name + " must be true or false")
			}
		}
	}
	return o, nil
}
