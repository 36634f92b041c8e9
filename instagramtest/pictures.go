package instagramtest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// shape is the form of a picture: how high it is when it is 1000 wide.
type shape int

var shapes = [...]shape{1000, 1000, 1250, 523}

func (s shape) height(width int) int {
	if s == 0 {
		return width
	}
	return int(math.Round(float64(width) * float64(s) / 1000))
}

// format is a size in which a picture or video is offered, by the name of the file.
type format struct {
	name   string
	width  int
	square bool // cut to a square, whatever the shape
}

var (
	square150 = format{"s150", 150, true}
	square306 = format{"s306", 306, true}
	square480 = format{"s480", 480, true}
	square612 = format{"s612", 612, true}
	square640 = format{"s640", 640, true}
	wide320   = format{"320", 320, false}
	wide480   = format{"480", 480, false}
	wide640   = format{"640", 640, false}
	wide1080  = format{"1080", 1080, false}
)

var formats = []format{square150, square306, square480, square612, square640, wide320, wide480, wide640, wide1080}

func (f format) height(s shape) int {
	if f.square {
		return f.width
	}
	return s.height(f.width)
}

// rendition is a format under the name it has in an answer.
type rendition struct {
	name   string
	format format
}

// appendRenditions writes the images or videos of a media, or of one part of a carousel if part is not 0.
func appendRenditions(b []byte, kind, origin string, m *media, part int, renditions []rendition) []byte {
	b = append(b, '"')
	b = append(b, kind...)
	b = append(b, `":{`...)
	for i, r := range renditions {
		if i > 0 {
			b = append(b, ',')
		}
		b = quote(b, r.name)
		b = append(b, `:{"url":`...)
		b = quote(b, fileURL(origin, kind, m, part, r.format))
		b = append(b, `,"width":`...)
		b = appendInt(b, r.format.width)
		b = append(b, `,"height":`...)
		b = appendInt(b, r.format.height(m.shape))
		b = append(b, '}')
	}
	return append(b, '}')
}

// fileURL is where the server has an image or a video of a media.
func fileURL(origin, kind string, m *media, part int, f format) string {
	if url := m.recorded.url(kind, part, f.width); url != "" {
		return url
	}
	suffix := ".jpg"
	if kind == "videos" {
		suffix = ".mp4"
	}
	code := shortcode(m.number)
	if part > 0 {
		code += "/" + strconv.Itoa(part)
	}
	return origin + "/" + kind + "/" + code + "/" + f.name + suffix
}

func profileURL(origin string, u *user) string {
	if u.picture != "" {
		return u.picture
	}
	return fmt.Sprintf("%s/profiles/%d.jpg", origin, u.id)
}

// file is a picture or video that was asked for by its URL.
type file struct {
	seed          uint64
	width, height int
}

// findFile reads what comes after /images or /videos: code[/part]/format.
func (s *Server) findFile(path, suffix string) (f file, ok bool) {
	path, ok = strings.CutSuffix(path, suffix)
	parts := strings.Split(path, "/")
	if !ok || len(parts) < 2 || len(parts) > 3 {
		return f, false
	}
	number, ok := parseShortcode(parts[0])
	w := s.world.Load()
	w.mu.RLock()
	defer w.mu.RUnlock()
	m := w.media[number]
	if !ok || m == nil {
		return f, false
	}
	f.seed = m.number
	if len(parts) == 3 {
		part, err := strconv.Atoi(parts[1])
		if err != nil || part < 1 || part > len(m.parts) {
			return f, false
		}
		f.seed += uint64(part)
	}
	for _, known := range formats {
		if known.name == parts[len(parts)-1] {
			f.width, f.height = known.width, known.height(m.shape)
			return f, true
		}
	}
	return f, false
}

func (s *Server) serveImage(w *recorder, r *http.Request, rest string) {
	f, ok := s.findFile(rest, ".jpg")
	serveFile(w, r, ok, "image/jpeg", func() []byte { return draw(f) })
}

func (s *Server) serveVideo(w *recorder, r *http.Request, rest string) {
	f, ok := s.findFile(rest, ".mp4")
	serveFile(w, r, ok, "video/mp4", func() []byte { return film(f) })
}

func (s *Server) serveProfile(w *recorder, r *http.Request, rest string) {
	name, _ := strings.CutSuffix(rest, ".jpg")
	id, _ := parseID(name)
	world := s.world.Load()
	world.mu.RLock()
	known := world.users[id] != nil
	world.mu.RUnlock()
	serveFile(w, r, known, "image/jpeg", func() []byte { return draw(file{id, 150, 150}) })
}

// serveFile leaves ranges, HEAD and conditions to the standard library. A file never changes under its URL.
func serveFile(w *recorder, r *http.Request, found bool, contentType string, content func() []byte) {
	w.Params = r.URL.Query()
	switch {
	case !found:
		http.NotFound(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	default:
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "public, max-age=86400")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content()))
	}
}

// draw makes the picture of a seed: a sky, a sun and some hills, the same at every size.
func draw(f file) []byte {
	rng := rand.New(rand.NewPCG(f.seed, 1))
	hue := rng.Float64()
	top, bottom := hsv(hue, 0.55, 0.75), hsv(hue+0.12, 0.35, 1)
	sun, sunX, sunY, sunR := hsv(hue+0.5, 0.25, 1), 0.2+0.6*rng.Float64(), 0.15+0.3*rng.Float64(), 0.06+0.08*rng.Float64()
	type hill struct {
		base, swing, waves, phase float64
		color                     color.RGBA
	}
	hills := make([]hill, 3)
	for i := range hills {
		hills[i] = hill{0.55 + 0.15*float64(i), 0.03 + 0.06*rng.Float64(), 1 + 3*rng.Float64(), 6 * rng.Float64(),
			hsv(hue+0.3+0.05*float64(i), 0.5, 0.6-0.16*float64(i))}
	}
	img := image.NewRGBA(image.Rect(0, 0, f.width, f.height))
	sky := make([]color.RGBA, f.height)
	for py := range sky {
		sky[py] = mix(top, bottom, float64(py)/float64(f.height))
	}
	for px := range f.width {
		x := float64(px) / float64(f.width)
		var ridges [3]float64
		for i, h := range hills {
			ridges[i] = h.base + h.swing*math.Sin(2*math.Pi*h.waves*x+h.phase)
		}
		for py := range f.height {
			y := float64(py) / float64(f.height)
			c := sky[py]
			dx, dy := x-sunX, (y-sunY)*float64(f.height)/float64(f.width)
			if dx*dx+dy*dy < sunR*sunR {
				c = sun
			}
			for i, h := range hills {
				if y > ridges[i] {
					c = h.color
				}
			}
			img.SetRGBA(px, py, c)
		}
	}
	var b bytes.Buffer
	jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}) //nolint:errcheck // a buffer takes all
	return b.Bytes()
}

func mix(a, b color.RGBA, t float64) color.RGBA {
	channel := func(x, y uint8) uint8 { return uint8(float64(x) + t*(float64(y)-float64(x))) }
	return color.RGBA{channel(a.R, b.R), channel(a.G, b.G), channel(a.B, b.B), 255}
}

func hsv(h, s, v float64) color.RGBA {
	channel := func(n float64) uint8 {
		k := math.Mod(n+h*6, 6)
		return uint8(255 * (v - v*s*max(0, min(k, 4-k, 1))))
	}
	return color.RGBA{channel(5), channel(3), channel(1), 255}
}

// film is a well-formed MP4 file without a track: its type, a header that says how long it is, and filler.
func film(f file) []byte {
	box := func(kind string, content []byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(8+len(content)))
		return append(append(b, kind...), content...)
	}
	header := make([]byte, 100)
	binary.BigEndian.PutUint32(header[12:], 1000)                        // ticks a second
	binary.BigEndian.PutUint32(header[16:], 3000+uint32(f.seed%57)*1000) // 3 to 60 s
	binary.BigEndian.PutUint32(header[20:], 0x00010000)                  // at normal speed
	binary.BigEndian.PutUint16(header[24:], 0x0100)                      // and full volume
	for i, v := range []uint32{0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000} {
		binary.BigEndian.PutUint32(header[36+4*i:], v) // not turned
	}
	binary.BigEndian.PutUint32(header[96:], 1) // the next track
	filler := make([]byte, 16*f.width)
	rng := rand.New(rand.NewPCG(f.seed, uint64(f.width)))
	for i := range filler {
		filler[i] = byte(rng.Uint32())
	}
	out := box("ftyp", []byte("isom\x00\x00\x02\x00isomiso2mp41"))
	out = append(out, box("moov", box("mvhd", header))...)
	return append(out, box("mdat", filler)...)
}
