package pictures

import (
	"embed"
	"fmt"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// clips are videos that were made for this package; clips/make.sh says how.
//
//go:embed clips/*.mp4
var clips embed.FS

// Clip is a video of a shape and a width, nil if there is none. All media of a shape have the same.
func Clip(s world.Shape, width int) []byte {
	clip, err := clips.ReadFile(fmt.Sprintf("clips/%d-%d.mp4", s.Height(1000), width))
	if err != nil {
		return nil
	}
	return clip
}

// VideoHeight is how high a video is: as a picture, but even, as the format of videos needs it.
func (f Format) VideoHeight(s world.Shape) int { return f.Height(s) &^ 1 }
