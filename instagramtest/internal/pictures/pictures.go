// Package pictures draws the pictures and makes the videos of media, and says where they are.
package pictures

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// File is a picture or video that was asked for by its URL.
type File struct {
	Seed          uint64
	Shape         world.Shape
	Width, Height int
}

// Draw makes the picture of a seed: a sky, a sun and some hills, the same at every size.
func Draw(f File) []byte {
	rng := rand.New(rand.NewPCG(f.Seed, 1))
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
	img := image.NewRGBA(image.Rect(0, 0, f.Width, f.Height))
	sky := make([]color.RGBA, f.Height)
	for py := range sky {
		sky[py] = mix(top, bottom, float64(py)/float64(f.Height))
	}
	for px := range f.Width {
		x := float64(px) / float64(f.Width)
		var ridges [3]float64
		for i, h := range hills {
			ridges[i] = h.base + h.swing*math.Sin(2*math.Pi*h.waves*x+h.phase)
		}
		for py := range f.Height {
			y := float64(py) / float64(f.Height)
			c := sky[py]
			dx, dy := x-sunX, (y-sunY)*float64(f.Height)/float64(f.Width)
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
