package shortcodes

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestShortcodes(t *testing.T) {
	for code, n := range map[string]uint64{
		"A": 0, "B": 1, "_": 63, "BA": 64, "D": 3, "Bdq3xPdAAKy": 1687406286808810162, "P__________": math.MaxUint64,
	} {
		assert.Equal(t, code, Of(n))
		for _, text := range []string{code, code + strings.Repeat("k", keyLength)} {
			number, ok := Number(text)
			if assert.True(t, ok, text) {
				assert.Equal(t, n, number, text)
			}
		}
	}
	for _, text := range []string{"", "B!", "ß", "QAAAAAAAAAA", "AAAAAAAAAAAA", "B" + strings.Repeat("k", 27) + "!", strings.Repeat("B", 12+keyLength)} {
		_, ok := Number(text)
		assert.False(t, ok, text)
	}
}

func TestOfID(t *testing.T) {
	for _, id := range []string{"1687406286808810162", "1687406286808810162_25025320"} {
		code, ok := OfID(id)
		assert.True(t, ok)
		assert.Equal(t, "Bdq3xPdAAKy", code)
	}
	for _, id := range []string{"", "_7", "7_", "7_x", "x", "-1", "18446744073709551616"} {
		_, ok := OfID(id)
		assert.False(t, ok, id)
	}
}

func FuzzNumber(f *testing.F) {
	f.Add("Bdq3xPdAAKy")
	f.Fuzz(func(t *testing.T, text string) {
		if n, ok := Number(text); ok && len(text) <= maxLength {
			assert.Equal(t, strings.TrimLeft(text, "A"), strings.TrimLeft(Of(n), "A"))
		}
	})
}
