// Package shortcodes converts the numbers of media to their shortcodes and back.
package shortcodes

import (
	"slices"
	"strconv"
	"strings"
)

// A shortcode is a number, written with these digits, the highest first.
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// maxLength is how long the shortcode of a number of 64 bits may be, and keyLength how long the key
// is that follows it in the links of private users. The key is random, and says nothing of the
// media.
const (
	maxLength = 11
	keyLength = 28
)

// Of returns the shortcode of a number.
func Of(n uint64) string {
	var code []byte
	for ; n >= 64; n /= 64 {
		code = append(code, digits[n%64])
	}
	code = append(code, digits[n])
	slices.Reverse(code)
	return string(code)
}

// Number returns the number that a shortcode stands for, with a key behind it or not. It reports
// whether it is a shortcode.
func Number(shortcode string) (n uint64, ok bool) {
	code := shortcode
	if len(code) > keyLength {
		code = code[:len(code)-keyLength]
	}
	if code == "" || len(code) > maxLength {
		return 0, false
	}
	for i, c := range []byte(shortcode) {
		digit := strings.IndexByte(digits, c)
		switch {
		case digit < 0, i < len(code) && n > 1<<58-1:
			return 0, false
		case i < len(code):
			n = n<<6 | uint64(digit)
		}
	}
	return n, true
}

// OfID returns the shortcode of a media by its id in v1: a number, alone or with that of the user
// behind it. It reports whether it is such an id.
func OfID(id string) (shortcode string, ok bool) {
	number, user, owned := strings.Cut(id, "_")
	n, err := strconv.ParseUint(number, 10, 64)
	if err != nil || owned && !IsNumber(user) {
		return "", false
	}
	return Of(n), true
}

// IsNumber reports whether a text is made of the digits 0 to 9.
func IsNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
