package instagram

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/shortcodes"
)

// Shortcode returns the shortcode of a media of v1, as in its link and for
// [MediaService.GetByShortcode]. The id is a number, alone or with the user's behind it:
// "1687406286808810162_25025320" has "Bdq3xPdAAKy". The ids of the Graph have no shortcode in them;
// ask for [GraphMedia.Shortcode].
func Shortcode(mediaID string) (string, error) {
	code, ok := shortcodes.OfID(mediaID)
	if !ok {
		return "", notA("media-id", mediaID, "a number of 64 bits, with or without a user's behind it")
	}
	return code, nil
}

// MediaNumber returns the number of the media with a shortcode: "Bdq3xPdAAKy" has
// "1687406286808810162". With "_" and the id of the user who posted it, that is the id of the media
// in v1, as [MediaService.Get] takes it.
//
// The links of private users have a key of 28 characters behind the shortcode, which is not looked
// at. Of any other text, and of a number past 64 bits, it makes a [*ParameterError]. A whole link
// is taken apart with [LinkShortcode].
func MediaNumber(shortcode string) (string, error) {
	n, ok := shortcodes.Number(shortcode)
	if !ok {
		return "", notA("shortcode", shortcode, "the shortcode of a media")
	}
	return strconv.FormatUint(n, 10), nil
}

func notA(parameter, text, what string) error {
	return &ParameterError{parameter, strconv.Quote(redact.Cut(text, redact.MaxText)) + " is not " + what}
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
