package instagramtest

import (
	"fmt"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
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
	// LocationID names a place. Latitude and Longitude are where the media was taken if that is no
	// place.
	LocationID string  `json:"location_id"`
	Latitude   float64 `json:"latitude"`
	Longitude  float64 `json:"longitude"`
	// UsersInPhoto are usernames or ids.
	UsersInPhoto []string `json:"users_in_photo"`
}

// PostMedia posts a media as a user, given by username or id: it is on top of the user's media, of
// the feeds of those who follow, of its tags and its place. The result has the ID and everything
// else filled in. A user, a place or a type that is not there, or a tag that cannot be, is a
// mistake in the test, and PostMedia panics.
func (s *Server) PostMedia(user string, m Media) Media { return posted(s.postMedia(user, m)) }

// PostStory posts a media as a story, as [Server.PostMedia] posts one that stays. The Graph API
// shows it for 24 hours, and v1 never does.
func (s *Server) PostStory(user string, m Media) Media { return posted(s.postStory(user, m)) }

func posted(m Media, err error) Media {
	if err != nil {
		panic("instagramtest: " + err.Error())
	}
	return m
}

func (s *Server) postMedia(user string, m Media) (Media, error) {
	made, p, err := s.post("post", user, m, (*world.World).AddMedia)
	if err == nil {
		s.announce(made)
	}
	return p, err
}

func (s *Server) postStory(user string, m Media) (Media, error) {
	_, p, err := s.post("story", user, m, (*world.World).AddStory)
	return p, err
}

// post makes a media and adds it to the world. It returns when that is saved.
func (s *Server) post(do, user string, m Media, add func(*world.World, *world.Media)) (*world.Media, Media, error) {
	made, p, err := s.addPost(do, user, world.Post(m), add)
	if err == nil {
		err = s.store.Flush()
	}
	if err != nil {
		return nil, Media{}, err
	}
	return made, Media(p), nil
}

func (s *Server) addPost(do, user string, p world.Post, add func(*world.World, *world.Media)) (*world.Media, world.Post, error) {
	w := s.world.Load()
	w.Mu.Lock()
	defer w.Mu.Unlock()
	made, err := w.NewMedia(user, &p, s.Now())
	if err != nil {
		return nil, p, err
	}
	add(w, made)
	p.ID = string(wire.AppendMediaID(nil, made))
	p.Shortcode = world.Shortcode(made.Number)
	done := world.Change{Do: do, User: made.Owner.ID, Media: made.Number, Post: &p}
	if made.Caption != nil {
		done.Comment = made.Caption.ID
	}
	s.store.Add(done)
	return made, p, nil
}

// DeleteMedia deletes a media, given by either form of its id, as its owner does in the app: the
// API cannot. Its number is never used again, so it still says where to go on in a list. A media
// that is not there is a mistake in the test, and DeleteMedia panics.
func (s *Server) DeleteMedia(id string) {
	if err := s.deleteMedia(id); err != nil {
		panic("instagramtest: " + err.Error())
	}
}

func (s *Server) deleteMedia(id string) error {
	w := s.world.Load()
	w.Mu.Lock()
	number, owner, _ := world.ParseMediaID(id)
	m := w.Media[number]
	if m == nil || owner != 0 && owner != m.Owner.ID {
		w.Mu.Unlock()
		return fmt.Errorf("there is no media %q", id)
	}
	w.RemoveMedia(m)
	s.store.Add(world.Change{Do: "delete", Media: number})
	w.Mu.Unlock()
	return s.store.Flush()
}
