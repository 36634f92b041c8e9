package pictures

import (
	"bytes"
	"encoding/binary"
	"image/jpeg"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

func TestDraw(t *testing.T) {
	f := File{Seed: 7, Width: 320, Height: 167}
	picture := Draw(f)
	img, err := jpeg.Decode(bytes.NewReader(picture))
	require.NoError(t, err)
	assert.Equal(t, 320, img.Bounds().Dx())
	assert.Equal(t, 167, img.Bounds().Dy())
	assert.Equal(t, picture, Draw(f), "a picture is always the same")
	f.Seed = 8
	assert.NotEqual(t, picture, Draw(f))
}

func TestFormats(t *testing.T) {
	assert.Equal(t, 150, Square150.Height(523))
	assert.Equal(t, 335, Wide640.Height(523))
	assert.Equal(t, 640, Wide640.Height(0))
}

func TestURLs(t *testing.T) {
	m := &world.Media{Number: 1687406286808810162}
	assert.Equal(t, "http://h/images/Bdq3xPdAAKy/s150.jpg", FileURL("http://h", "images", m, 0, Square150))
	assert.Equal(t, "http://h/videos/Bdq3xPdAAKy/2/640.mp4", FileURL("http://h", "videos", m, 2, Wide640))
	m.Recorded = &world.RecordedMedia{Images: [][]world.RecordedFile{{{URL: "http://there/a.jpg", Width: 612}}}}
	assert.Equal(t, "http://there/a.jpg", FileURL("http://h", "images", m, 0, Square150), "what was recorded stays")
	assert.Equal(t, "http://h/profiles/7.jpg", ProfileURL("http://h", &world.User{ID: 7}))
	assert.Equal(t, "http://there/p.jpg", ProfileURL("http://h", &world.User{ID: 7, Picture: "http://there/p.jpg"}))
}

// TestClips has a video for every shape and width that an answer names, of the size that it names.
func TestClips(t *testing.T) {
	for _, shape := range []world.Shape{0, 1000, 1250, 523} {
		for _, f := range []Format{Square480, Square640, Wide480, Wide640} {
			clip := Clip(f.Shape(shape), f.Width)
			require.NotNil(t, clip)
			// The header of the track ends in the width and the height, as fixed-point numbers.
			at := bytes.Index(clip, []byte("tkhd"))
			require.Positive(t, at)
			size := clip[at+80:]
			assert.Equal(t, f.Width, int(binary.BigEndian.Uint16(size)))
			assert.Equal(t, f.VideoHeight(shape), int(binary.BigEndian.Uint16(size[4:])))
		}
	}
	assert.Nil(t, Clip(1000, 306))
}
