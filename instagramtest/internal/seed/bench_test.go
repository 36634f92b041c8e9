package seed

import (
	"testing"
	"time"
)

// BenchmarkWorld makes the default world and a large one.
func BenchmarkWorld(b *testing.B) {
	for name, size := range map[string]Size{
		"default": DefaultSize,
		"large":   {Users: 2_000, Media: 99_760, MainMedia: 240},
		"million": {Users: 10_000, Media: 999_760, MainMedia: 240},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				World(1, size, Form{}, time.Unix(1593000000, 0))
			}
		})
	}
}
