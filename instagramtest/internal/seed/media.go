package seed

import (
	"cmp"
	"math"
	"slices"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

var shapes = []world.Shape{1000, 1000, 1250, 523}

// seedMedia spreads the media over the years, more and more of them, and a tenth over the last
// thirty days. Some more of public users are from the last four days, so that a search of media
// finds something at every place, and much at one.
func (s *seeder) seedMedia() {
	places := make([]*world.Place, 0, len(s.Places))
	for _, p := range s.Places {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b *world.Place) int { return cmp.Compare(a.ID, b.ID) })
	var public []*world.User
	for _, u := range s.Everyone[1:] {
		if !u.Private {
			public = append(public, u)
		}
	}
	if public == nil {
		public = s.Everyone
	}

	all := make([]world.Media, s.Size.Media+s.MainMedia)
	for i := range s.Size.Media {
		owner := s.Everyone[1+int(float64(len(s.Everyone)-1)*math.Pow(s.Float64(), 1.5))]
		hot := i%20 == 0
		if hot {
			owner = pick(s, public)
		}
		m := &all[i]
		s.makeMedia(m, owner, places)
		if hot {
			m.Created = s.end - 1 - s.Int64N(4*day)
			m.Place, m.Point = places[i/20%len(places)], nil
			if i%60 == 0 {
				m.Place = places[s.IntN(busyPlaces)]
			}
		}
	}
	for i := range s.MainMedia {
		s.makeMedia(&all[s.Size.Media+i], s.Main, places)
	}
	s.fileMedia(all)
}

// fileMedia adds the media to the world, the oldest first. They are copied into that order, as
// whoever goes through them later does it in that order, too.
func (s *seeder) fileMedia(made []world.Media) {
	order := make([]keyed[int], len(made), 2*len(made))
	for i := range made {
		order[i] = keyed[int]{made[i].Created, i}
	}
	all := make([]world.Media, len(made))
	s.World.Media = make(map[uint64]*world.Media, len(all))
	s.Timeline = make([]*world.Media, 0, len(all))
	for i, from := range sorted(order, order[len(made):2*len(made)]) {
		all[i] = made[from.value]
		s.AddMedia(&all[i])
	}
	for _, m := range s.Timeline {
		m.Created = s.told(m.Created)
		if m.Caption != nil {
			m.Caption.ID, m.Caption.Created = s.NextComment(), m.Created
		}
	}
}

// told is the time that the world tells for a time its ids were made from.
func (s *seeder) told(t int64) int64 {
	if t > s.end-Lately {
		return t + s.shift
	}
	return t
}

func (s *seeder) makeMedia(m *world.Media, owner *world.User, places []*world.Place) {
	m.Owner, m.Filter, m.Shape = owner, pick(s, filters), pick(s, shapes)
	since := int64(world.Launch/1000 + day)
	if since >= s.end-Lately {
		since = s.end - 10*365*day
	}
	if s.chance(10) {
		m.Created = s.end - 1 - s.Int64N(Lately)
	} else {
		m.Created = since + int64(math.Sqrt(s.Float64())*float64(s.end-Lately-since))
	}
	switch n := s.IntN(100); {
	case n < 12:
		m.Kind = world.KindCarousel
		for range 2 + s.IntN(3) {
			p := world.Part{Kind: world.KindImage, Tagged: s.tagUsers()}
			if s.chance(25) {
				p.Kind = world.KindVideo
			}
			m.Parts = append(m.Parts, p)
		}
	case n < 30:
		m.Kind = world.KindVideo
	}
	if !s.chance(8) {
		i := s.IntN(len(captions))
		m.Caption = &s.comments.take(1)[0]
		m.Caption.From, m.Caption.Text = owner, captions[i]
		m.Tags = captionTags[i]
	}
	switch n := s.IntN(100); {
	case n < 45:
		m.Place = pick(s, places)
	case n < 55 && s.Bare:
		m.Point = s.near(pick(s, places).Point)
	}
	m.Tagged = s.tagUsers()
	if s.chance(5) {
		m.App = &attributions[s.IntN(len(attributions))]
	}
}

// near moves a point by up to about 300 metres.
func (s *seeder) near(p world.Point) *world.Point {
	round := func(f float64) float64 { return math.Round(f*1e6) / 1e6 }
	return &world.Point{Lat: round(p.Lat + (s.Float64()-0.5)*0.004), Lng: round(p.Lng + (s.Float64()-0.5)*0.004)}
}

func (s *seeder) tagUsers() []world.TaggedUser {
	if !s.chance(10) {
		return nil
	}
	var tagged []world.TaggedUser
	for range 1 + s.IntN(3) {
		u := pick(s, s.Everyone)
		if !slices.ContainsFunc(tagged, func(t world.TaggedUser) bool { return t.User == u }) {
			tagged = append(tagged, world.TaggedUser{User: u, X: math.Round(s.Float64()*1e4) / 1e4, Y: math.Round(s.Float64()*1e4) / 1e4})
		}
	}
	return tagged
}
