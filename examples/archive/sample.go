package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

// A sample is a stream of invented answers in the forms of all three generations, like an archive
// of ten years. It is always the same.
type sample struct {
	draw *rand.Rand
	left int64
	buf  bytes.Buffer
}

// newSample returns a sample of at least size bytes. It ends with a whole answer.
func newSample(size int64) io.Reader {
	return &sample{draw: rand.New(rand.NewPCG(1, 2)), left: size}
}

func (s *sample) Read(p []byte) (int, error) {
	if s.buf.Len() == 0 {
		if s.left <= 0 {
			return 0, io.EOF
		}
		s.answer()
		s.left -= int64(s.buf.Len())
	}
	return s.buf.Read(p)
}

var (
	sampleAuthors = []string{"mira.solane", "tilo.quillan", "nandi.corvela", "gaspar.yardley", "fenna.wolfram", "eskil.vesterby", "carmo.tamura", "bastian.marchetti"}
	samplePlaces  = []string{"Harbour Steps", "Мост", "旧市街", "Café Lumen", "Quai des Brumes", "North Pier"}
	sampleTags    = []string{"snow", "coffee", "été", "закат", "散歩", "nofilter", "foodtruck", "latergram", "harbour", "ferry"}
	sampleTexts   = []string{"Before the rain", "Утренний свет", "夕方の散歩", "So much sky \\u2600\\ufe0f", "A corner table\\nand time", "La mer, encore"}
)

func pick[T any](s *sample, from []T) T { return from[s.draw.IntN(len(from))] }

// answer writes one page of media of one year.
func (s *sample) answer() {
	year := 2010 + s.draw.IntN(11)
	fmt.Fprint(&s.buf, `{"meta":{"code":200},"data":[`)
	for i := range 20 {
		if i > 0 {
			s.buf.WriteByte(',')
		}
		switch created := int64(1262304000) + int64(year-2010)*31556952 + int64(s.draw.IntN(31556952)); {
		case year == 2010:
			s.first(created)
		case year < 2016:
			s.second(created)
		default:
			s.third(created)
		}
	}
	fmt.Fprintf(&s.buf, `],"pagination":{"next_max_id":"%d"}}`+"\n", s.draw.Int64N(1<<40))
}

func (s *sample) first(created int64) {
	fmt.Fprintf(&s.buf, `{"type":1,"id":%d,"created_time":%q,"filter":null,"link":null,"like_count":%d,"tags":["%s"],`+
		`"caption":{"message":"%s"},"comments":[{"id":%d,"message":"%s","from":{"id":%d,"username":"%s"}}],"user":%s,`+
		`"location":{"latitude":%.4f,"longitude":%.4f},"images":%s}`,
		s.draw.Int64N(1<<30), time.Unix(created, 0).UTC().Format("2006-01-02T15:04:05-0700"), s.draw.IntN(40), pick(s, sampleTags),
		pick(s, sampleTexts), s.draw.Int64N(1<<30), pick(s, sampleTexts), s.draw.IntN(1<<20), pick(s, sampleAuthors), s.user(false),
		s.draw.Float64()*180-90, s.draw.Float64()*360-180, s.images("high_resolution"))
}

func (s *sample) second(created int64) {
	fmt.Fprintf(&s.buf, `{"attribution":null,"type":"image","id":"%d_%d","created_time":"%d","filter":"Earlybird","link":"http://photos.example/p/%x/",`+
		`"tags":["%s","%s"],"caption":{"id":"%d","created_time":"%d","text":"%s","from":%s},`+
		`"likes":{"count":%d,"data":[%s,%s]},"comments":{"count":1,"data":[{"id":"%d","created_time":"%d","text":"%s","from":%s}]},`+
		`"user":%s,"user_has_liked":false,"users_in_photo":[],"location":{"id":"%d","name":"%s","latitude":%.6f,"longitude":%.6f},"images":%s}`,
		s.draw.Int64N(1<<60), s.draw.IntN(1<<20), created, s.draw.IntN(1<<30),
		pick(s, sampleTags), pick(s, sampleTags), s.draw.Int64N(1<<60), created, pick(s, sampleTexts), s.user(true),
		2+s.draw.IntN(200), s.user(true), s.user(true), s.draw.Int64N(1<<60), created+60, pick(s, sampleTexts), s.user(true),
		s.user(true), s.draw.IntN(1<<20), pick(s, samplePlaces), s.draw.Float64()*180-90, s.draw.Float64()*360-180, s.images("standard_resolution"))
}

func (s *sample) third(created int64) {
	fmt.Fprintf(&s.buf, `{"id":"%d_%d","user":%s,"images":%s,"created_time":"%d","caption":{"id":"%d","text":"%s","created_time":"%d","from":%s},`+
		`"user_has_liked":false,"likes":{"count":%d},"tags":["%s"],"filter":"Normal","comments":{"count":%d},"type":"image",`+
		`"link":"https://photos.example/p/%x/","location":{"latitude":%.6f,"longitude":%.6f,"name":"%s","id":%d},"attribution":null,"users_in_photo":[]}`,
		s.draw.Int64N(1<<60), s.draw.IntN(1<<20), s.user(true), s.images("standard_resolution"), created,
		s.draw.Int64N(1<<60), pick(s, sampleTexts), created, s.user(true), s.draw.IntN(900), pick(s, sampleTags), s.draw.IntN(50),
		s.draw.IntN(1<<30), s.draw.Float64()*180-90, s.draw.Float64()*360-180, pick(s, samplePlaces), s.draw.IntN(1<<20))
}

func (s *sample) user(quoted bool) string {
	id := fmt.Sprint(s.draw.IntN(1 << 20))
	if quoted {
		id = `"` + id + `"`
	}
	name := pick(s, sampleAuthors)
	return fmt.Sprintf(`{"id":%s,"username":"%s","full_name":"%s","profile_picture":"https://photos.example/u/%x.jpg"}`, id, name, name, s.draw.IntN(1<<30))
}

func (s *sample) images(largest string) string {
	const size = `"%s":{"url":"https://photos.example/%x_%d.jpg","width":%d,"height":%d}`
	number := s.draw.Int64N(1 << 40)
	return fmt.Sprintf("{"+size+","+size+","+size+"}", "thumbnail", number, 5, 150, 150, "low_resolution", number, 6, 306, 306, largest, number, 7, 612, 612)
}
