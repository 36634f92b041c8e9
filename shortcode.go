package instagram

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/igv1/instagram/internal/redact"
)

// A shortcode is the number of a media, written with these digits, the highest first.
const shortcodeDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// privateKey is how long the key is that follows the shortcode in the links of private users. It is
// random, and says nothing of the media.
const privateKey = 28

// Shortcode returns the shortcode of a media of v1, as in its link and for
// [MediaService.GetByShortcode]. The id is a number, alone or with the user's behind it:
// "1687406286808810162_25025320" has "Bdq3xPdAAKy". The ids of the Graph have no shortcode in them;
// ask for [GraphMedia.Shortcode].
func Shortcode(mediaID string) (string, error) {
	number, user, owned := strings.Cut(mediaID, "_")
	n, err := strconv.ParseUint(number, 10, 64)
	if err != nil || owned && !isDigits(user) {
		return "", &ParameterError{"media-id", strconv.Quote(redact.Cut(mediaID, maxMessage)) + " is not a number of 64 bits, with or without a user's behind it"}
	}
	var code []byte
	for ; n >= 64; n /= 64 {
		code = append(code, shortcodeDigits[n%64])
	}
	code = append(code, shortcodeDigits[n])
	slices.Reverse(code)
	return string(code), nil
}

// MediaNumber returns the number of the media with a shortcode: "Bdq3xPdAAKy" has
// "1687406286808810162". With "_" and the id of the user who posted it, that is the id of the media
// in v1, as [MediaService.Get] takes it.
//
// The links of private users have a key of 28 characters behind the shortcode, which is not looked
// at. Of any other text, and of a number past 64 bits, it makes a [*ParameterError]. A whole link
// is taken apart with [LinkShortcode].
func MediaNumber(shortcode string) (string, error) {
	code := shortcode
	if len(code) > privateKey {
		code = code[:len(code)-privateKey]
	}
	refused := &ParameterError{"shortcode", strconv.Quote(redact.Cut(shortcode, maxMessage)) + " is not the shortcode of a media"}
	if code == "" || len(code) > 11 {
		return "", refused
	}
	var n uint64
	for i, c := range []byte(shortcode) {
		digit := strings.IndexByte(shortcodeDigits, c)
		switch {
		case digit < 0, i < len(code) && n > 1<<58-1:
			return "", refused
		case i < len(code):
			n = n<<6 | uint64(digit)
		}
	}
	return strconv.FormatUint(n, 10), nil
}

// LinkShortcode returns the shortcode in the link of a media: what follows /p/, /reel/, /reels/ or
// /tv/, whoever's name is in front. The host may be any.
func LinkShortcode(link string) (string, error) {
	refused := &ParameterError{"link", "it is not the link of a media"}
	u, err := url.Parse(link)
	if err != nil {
		return "", refused
	}
	elements := strings.Split(u.Path, "/")
	for i, element := range elements[:len(elements)-1] {
		switch element {
		case "p", "reel", "reels", "tv":
			code := elements[i+1]
			if _, err := MediaNumber(code); err != nil {
				return "", err
			}
			return code, nil
		}
	}
	return "", refused
}
