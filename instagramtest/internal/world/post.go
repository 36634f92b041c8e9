package world

import (
	"fmt"
	"slices"
	"time"
)

// Post is a media as it is to be posted, and as a change keeps it. Media of package instagramtest
// tells what its fields mean.
type Post struct {
	ID           string    `json:"id"`
	Shortcode    string    `json:"shortcode"`
	Type         string    `json:"type"`
	Caption      string    `json:"caption"`
	Tags         []string  `json:"tags"`
	Filter       string    `json:"filter"`
	CreatedTime  time.Time `json:"created_time"`
	LocationID   string    `json:"location_id"`
	Latitude     float64   `json:"latitude"`
	Longitude    float64   `json:"longitude"`
	UsersInPhoto []string  `json:"users_in_photo"`
}

// NewMedia makes what m describes, and fills in the defaults of m.
func (w *World) NewMedia(owner string, m *Post, now time.Time) (*Media, error) {
	made := &Media{Owner: w.UserNamed(owner)}
	if made.Owner == nil {
		return nil, fmt.Errorf("there is no user %q", owner)
	}
	switch m.Type {
	case "":
		m.Type = "image"
	case "image":
	case "video":
		made.Kind = KindVideo
	case "carousel":
		made.Kind = KindCarousel
		made.Parts = []Part{{Kind: KindImage}, {Kind: KindVideo}}
	default:
		return nil, fmt.Errorf("there is no media type %q", m.Type)
	}
	if m.Filter == "" {
		m.Filter = "Normal"
	}
	made.Filter = m.Filter
	if m.CreatedTime.IsZero() {
		m.CreatedTime = now
	}
	m.CreatedTime = m.CreatedTime.UTC().Truncate(time.Second)
	made.Created = m.CreatedTime.Unix()
	if m.Caption != "" {
		made.Caption = &Comment{ID: w.NextComment(), From: made.Owner, Text: m.Caption, Created: made.Created}
	}
	made.Tags = TagsIn(m.Caption)
	for _, name := range m.Tags {
		if name = TagName(name); !IsTag(name) {
			return nil, fmt.Errorf("%q is not a tag", name)
		}
		if !slices.Contains(made.Tags, name) {
			made.Tags = append(made.Tags, name)
		}
	}
	m.Tags = made.Tags
	if m.LocationID != "" {
		id, _ := ParseID(m.LocationID)
		if made.Place = w.Places[id]; made.Place == nil {
			return nil, fmt.Errorf("there is no place %q", m.LocationID)
		}
		m.Latitude, m.Longitude = made.Place.Lat, made.Place.Lng
	} else if m.Latitude != 0 || m.Longitude != 0 {
		made.Point = &Point{m.Latitude, m.Longitude}
	}
	for i, name := range m.UsersInPhoto {
		u := w.UserNamed(name)
		if u == nil {
			return nil, fmt.Errorf("there is no user %q", name)
		}
		made.Tagged = append(made.Tagged, TaggedUser{u, float64(i+1) / float64(len(m.UsersInPhoto)+1), 0.5})
	}
	return made, nil
}
