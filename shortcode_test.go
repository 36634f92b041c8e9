package instagram_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

const keyOfPrivate = "fS3I2PpqsNkxElV9DXj61vzo5xs0"

func TestShortcode(t *testing.T) {
	for id, code := range map[string]string{
		"1687406286808810162":          "Bdq3xPdAAKy",
		"1687406286808810162_25025320": "Bdq3xPdAAKy",
		"0":                            "A",
		"63":                           "_",
		"64":                           "BA",
		"18446744073709551615":         "P__________",
		"657988443280050001_25025320":  "khpQDEBQdR",
	} {
		got, err := instagram.Shortcode(id)
		require.NoError(t, err, id)
		assert.Equal(t, code, got)
		number, _, _ := strings.Cut(id, "_")
		back, err := instagram.MediaNumber(code)
		require.NoError(t, err)
		assert.Equal(t, number, back)
	}
	for range 10_000 {
		id := strconv.FormatUint(rand.Uint64()>>rand.N(64), 10)
		code, err := instagram.Shortcode(id)
		require.NoError(t, err)
		back, err := instagram.MediaNumber(code)
		require.NoError(t, err)
		require.Equal(t, id, back)
	}
}

func TestShortcodeRefuses(t *testing.T) {
	for _, id := range []string{
		"", "_", "_7", "7_", "7_a", "7_8_9", "-1", "+1", "1.0", " 1", "1e3", "Bdq3xPdAAKy",
		"18446744073709551616", "99999999999999999999999999", strings.Repeat("9", 1<<20),
	} {
		_, err := instagram.Shortcode(id)
		require.ErrorIs(t, err, instagram.ErrInvalidParameters, "%.40q", id)
		assert.Less(t, len(err.Error()), 2000)
	}
}

func TestMediaNumber(t *testing.T) {
	for code, number := range map[string]string{
		"Bdq3xPdAAKy":                "1687406286808810162",
		"AABdq3xPdAA":                mustNumber(t, "Bdq3xPdAA"),
		"Bdq3xPdAAKy" + keyOfPrivate: "1687406286808810162",
		"CCQQsCXjOaB" + keyOfPrivate: "2346448800803776129",
		"BA" + keyOfPrivate:          "64",
	} {
		got, err := instagram.MediaNumber(code)
		require.NoError(t, err, code)
		assert.Equal(t, number, got, code)
	}
	for _, code := range []string{
		"", "Bdq3xPdAAK!", "Bdq3xPdAAKé", "Bdq 3xPdAA", "Bdq3xPdAAKyA", "Q__________", "___________",
		keyOfPrivate, "Bdq3xPdAAKy" + keyOfPrivate[:17], "Bdq3xPdAAKy" + keyOfPrivate[:27] + "!", "Bdq3xPdAAKyA" + keyOfPrivate,
		"/p/Bdq3xPdAAKy/", strings.Repeat("A", 1<<20),
	} {
		_, err := instagram.MediaNumber(code)
		require.ErrorIs(t, err, instagram.ErrInvalidParameters, "%.40q", code)
		assert.Less(t, len(err.Error()), 2000)
	}
}

func mustNumber(t *testing.T, code string) string {
	number, err := instagram.MediaNumber(code)
	require.NoError(t, err)
	return number
}

func TestLinkShortcode(t *testing.T) {
	for _, link := range []string{
		"https://www.instagram.com/p/Bdq3xPdAAKy/", "http://instagr.am/p/Bdq3xPdAAKy", "https://www.instagram.com/reel/Bdq3xPdAAKy/?igsh=x",
		"https://www.instagram.com/somebody/p/Bdq3xPdAAKy/", "http://127.0.0.1:8080/p/Bdq3xPdAAKy/", "https://www.instagram.com/tv/Bdq3xPdAAKy/#x",
	} {
		code, err := instagram.LinkShortcode(link)
		require.NoError(t, err, link)
		assert.Equal(t, "Bdq3xPdAAKy", code)
	}
	for _, link := range []string{"", "/p/", "https://www.instagram.com/somebody/", "https://www.instagram.com/p/a!b/", "Bdq3xPdAAKy", ":"} {
		_, err := instagram.LinkShortcode(link)
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters, link)
	}
}

func FuzzMediaNumber(f *testing.F) {
	f.Add("Bdq3xPdAAKy", uint64(math.MaxUint64))
	f.Fuzz(func(t *testing.T, code string, number uint64) {
		if got, err := instagram.MediaNumber(code); err == nil {
			_, err := strconv.ParseUint(got, 10, 64)
			require.NoError(t, err)
		}
		code, err := instagram.Shortcode(strconv.FormatUint(number, 10))
		require.NoError(t, err)
		back, err := instagram.MediaNumber(code)
		require.NoError(t, err)
		require.Equal(t, strconv.FormatUint(number, 10), back)
	})
}
