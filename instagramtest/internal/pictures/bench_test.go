package pictures

import "testing"

// BenchmarkDraw draws a picture as it is shown on the home page.
func BenchmarkDraw(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		Draw(File{Seed: uint64(i), Width: 306, Height: 306})
	}
}
