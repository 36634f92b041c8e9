package instagramtest

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/igv1/instagram/instagramtest/internal/pictures"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// most of what is offered of each kind.
const mostOffered = 24

// offer is some of everything in the world, for people to pick from.
type offer struct {
	Users       []offeredUser    `json:"users"`
	Media       []offeredMedia   `json:"media"` // public ones, the latest first
	Comments    []offeredComment `json:"comments"`
	Tags        []offeredTag     `json:"tags"`      // the most used first
	Locations   []offeredPlace   `json:"locations"` // those with the most media first
	Geographies []string         `json:"geographies"`
}

type offeredUser struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	FullName string `json:"full_name"`
	Private  bool   `json:"private"`
	Picture  string `json:"profile_picture"`
}

type offeredMedia struct {
	ID        string `json:"id"`
	Shortcode string `json:"shortcode"`
	Link      string `json:"link"`
	Type      string `json:"type"`
	Username  string `json:"username"`
	Caption   string `json:"caption"`
	Picture   string `json:"picture"`
}

type offeredComment struct {
	ID    string `json:"id"`
	Media string `json:"media_id"`
	Text  string `json:"text"`
}

type offeredTag struct {
	Name  string `json:"name"`
	Count int    `json:"media_count"`
}

type offeredPlace struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

func (s *Server) offer() offer {
	w := s.world.Load()
	w.Mu.RLock()
	defer w.Mu.RUnlock()
	o := offer{Users: offerUsers(w), Comments: []offeredComment{}, Geographies: []string{}}
	o.Media, o.Comments = s.offerMedia(w)
	o.Tags, o.Locations = offerTags(w), offerPlaces(w)
	for _, id := range slices.Sorted(maps.Keys(w.Geographies)) {
		o.Geographies = append(o.Geographies, strconv.FormatUint(id, 10))
	}
	return o
}

func offerUsers(w *world.World) []offeredUser {
	list := []offeredUser{}
	for _, u := range w.Everyone[:min(mostOffered, len(w.Everyone))] {
		list = append(list, offeredUser{
			ID: strconv.FormatUint(u.ID, 10), Username: u.Username, FullName: u.FullName, Private: u.Private, Picture: pictures.ProfileURL("", u),
		})
	}
	return list
}

// offerMedia is media that everybody may see, and the latest comment on each that has any.
func (s *Server) offerMedia(w *world.World) ([]offeredMedia, []offeredComment) {
	list, comments := []offeredMedia{}, []offeredComment{}
	for _, m := range slices.Backward(w.Timeline) {
		if len(list) == mostOffered {
			break
		}
		if !world.IsListed(nil, m.Owner) {
			continue
		}
		code := world.Shortcode(m.Number)
		offered := offeredMedia{
			ID: s.wire.MediaID(m), Shortcode: code, Link: s.URL + "/p/" + code + "/", Type: m.Kind.String(), Username: m.Owner.Username,
			Picture: pictures.FileURL("", "images", m, 0, pictures.Square306),
		}
		if m.Caption != nil {
			offered.Caption = m.Caption.Text
		}
		list = append(list, offered)
		for _, c := range world.Latest(m.Comments, 1) {
			comments = append(comments, offeredComment{ID: strconv.FormatUint(c.ID, 10), Media: offered.ID, Text: c.Text})
		}
	}
	return list, comments
}

func offerTags(w *world.World) []offeredTag {
	tags := slices.SortedFunc(maps.Values(w.Tags), func(a, b *world.Tag) int {
		return cmp.Or(len(b.Media)-len(a.Media), cmp.Compare(a.Name, b.Name))
	})
	list := []offeredTag{}
	for _, t := range tags[:min(mostOffered, len(tags))] {
		list = append(list, offeredTag{t.Name, len(t.Media)})
	}
	return list
}

func offerPlaces(w *world.World) []offeredPlace {
	places := slices.SortedFunc(maps.Values(w.Places), func(a, b *world.Place) int {
		return cmp.Or(len(b.Media)-len(a.Media), cmp.Compare(a.ID, b.ID))
	})
	list := []offeredPlace{}
	for _, p := range places[:min(mostOffered, len(places))] {
		list = append(list, offeredPlace{strconv.FormatUint(p.ID, 10), p.Name, p.Lat, p.Lng})
	}
	return list
}
