package instagramtest

import (
	"fmt"
	"slices"
	"time"
)

// Media is something to post, and what was posted.
type Media struct {
	ID        string `json:"id"`        // {number}_{user}; set by PostMedia
	Shortcode string `json:"shortcode"` // set by PostMedia

	Type    string   `json:"type"`    // image, the default, video or carousel
	Caption string   `json:"caption"` // its hashtags become tags
	Tags    []string `json:"tags"`
	Filter  string   `json:"filter"` // Normal by default
	// CreatedTime is now on the server's clock by default. It has whole seconds.
	CreatedTime time.Time `json:"created_time"`
	// LocationID names a place. Latitude and Longitude are where the media was taken if that is no place.
	LocationID string  `json:"location_id"`
	Latitude   float64 `json:"latitude"`
	Longitude  float64 `json:"longitude"`
	// UsersInPhoto are usernames or ids.
	UsersInPhoto []string `json:"users_in_photo"`
}

// PostMedia posts a media as a user, given by username or id: it is on top of the user's media, of the feeds of those
// who follow, of its tags and its place. The result has the ID and everything else filled in. A user, a place or a type
// that is not there, or a tag that cannot be, is a mistake in the test, and PostMedia panics.
func (s *Server) PostMedia(user string, m Media) Media {
	posted, err := s.postMedia(user, m)
	if err != nil {
		panic("instagramtest: " + err.Error())
	}
	return posted
}

func (s *Server) postMedia(user string, m Media) (Media, error) {
	w := s.world.Load()
	w.mu.Lock()
	made, err := w.newMedia(user, &m, s.Now())
	if err != nil {
		w.mu.Unlock()
		return Media{}, err
	}
	w.addMedia(made)
	m.ID = string(appendMediaID(nil, made))
	m.Shortcode = shortcode(made.number)
	posted := change{Do: "post", User: made.owner.id, Media: made.number, Post: &m}
	if made.caption != nil {
		posted.Comment = made.caption.id
	}
	s.store.add(posted)
	w.mu.Unlock()
	if err := s.store.flush(); err != nil {
		return Media{}, err
	}
	for _, f := range s.onMedia {
		f(made)
	}
	return m, nil
}

// DeleteMedia deletes a media, given by either form of its id, as its owner does in the app: the API cannot. Its number
// is never used again, so it still says where to go on in a list. A media that is not there is a mistake in the test,
// and DeleteMedia panics.
func (s *Server) DeleteMedia(id string) {
	if err := s.deleteMedia(id); err != nil {
		panic("instagramtest: " + err.Error())
	}
}

func (s *Server) deleteMedia(id string) error {
	w := s.world.Load()
	w.mu.Lock()
	number, owner, _ := parseMediaID(id)
	m := w.media[number]
	if m == nil || owner != 0 && owner != m.owner.id {
		w.mu.Unlock()
		return fmt.Errorf("there is no media %q", id)
	}
	w.removeMedia(m)
	s.store.add(change{Do: "delete", Media: number})
	w.mu.Unlock()
	return s.store.flush()
}

// newMedia makes what m describes, and fills in the defaults of m.
func (w *world) newMedia(owner string, m *Media, now time.Time) (*media, error) {
	made := &media{owner: w.userNamed(owner)}
	if made.owner == nil {
		return nil, fmt.Errorf("there is no user %q", owner)
	}
	switch m.Type {
	case "":
		m.Type = "image"
	case "image":
	case "video":
		made.kind = kindVideo
	case "carousel":
		made.kind = kindCarousel
		made.parts = []part{{kind: kindImage}, {kind: kindVideo}}
	default:
		return nil, fmt.Errorf("there is no media type %q", m.Type)
	}
	if m.Filter == "" {
		m.Filter = "Normal"
	}
	made.filter = m.Filter
	if m.CreatedTime.IsZero() {
		m.CreatedTime = now
	}
	m.CreatedTime = m.CreatedTime.UTC().Truncate(time.Second)
	made.created = m.CreatedTime.Unix()
	if m.Caption != "" {
		made.caption = &comment{id: w.nextComment(), from: made.owner, text: m.Caption, created: made.created}
	}
	made.tags = tagsIn(m.Caption)
	for _, name := range m.Tags {
		if name = tagName(name); !isTag(name) {
			return nil, fmt.Errorf("%q is not a tag", name)
		}
		if !slices.Contains(made.tags, name) {
			made.tags = append(made.tags, name)
		}
	}
	m.Tags = made.tags
	if m.LocationID != "" {
		id, _ := parseID(m.LocationID)
		if made.place = w.places[id]; made.place == nil {
			return nil, fmt.Errorf("there is no place %q", m.LocationID)
		}
		m.Latitude, m.Longitude = made.place.lat, made.place.lng
	} else if m.Latitude != 0 || m.Longitude != 0 {
		made.point = &point{m.Latitude, m.Longitude}
	}
	for i, name := range m.UsersInPhoto {
		u := w.userNamed(name)
		if u == nil {
			return nil, fmt.Errorf("there is no user %q", name)
		}
		made.tagged = append(made.tagged, taggedUser{u, float64(i+1) / float64(len(m.UsersInPhoto)+1), 0.5})
	}
	return made, nil
}
