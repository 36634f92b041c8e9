package world

import (
	"math"
	"strconv"
	"strings"
)

// shortcodeAlphabet spells a media number in base 64, most significant digit first.
const shortcodeAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// Shortcode spells the number of a media as its page's URL does.
func Shortcode(number uint64) string {
	var digits [11]byte
	i := len(digits)
	for {
		i--
		digits[i] = shortcodeAlphabet[number%64]
		number /= 64
		if number == 0 {
			return string(digits[i:])
		}
	}
}

// ParseShortcode is the inverse of shortcode; it refuses every other spelling of the same number.
func ParseShortcode(code string) (number uint64, ok bool) {
	if code == "" || len(code) > 11 || code[0] == 'A' && len(code) > 1 {
		return 0, false
	}
	for i := range len(code) {
		digit := strings.IndexByte(shortcodeAlphabet, code[i])
		if digit < 0 || number > math.MaxUint64>>6 {
			return 0, false
		}
		number = number<<6 | uint64(digit)
	}
	return number, true
}

// ParseID reads an id that is a plain decimal number. Signs, spaces and leading zeros are other
// ids.
func ParseID(s string) (id uint64, ok bool) {
	if s == "" || s[0] == '0' || s[0] == '+' {
		return 0, false
	}
	id, err := strconv.ParseUint(s, 10, 64)
	return id, err == nil
}

// ParseMediaID reads both forms of a media id, the plain number and {number}_{user}. The owner is 0
// in the plain form.
func ParseMediaID(s string) (number, owner uint64, ok bool) {
	num, user, long := strings.Cut(s, "_")
	number, ok = ParseID(num)
	if ok && long {
		owner, ok = ParseID(user)
	}
	if !ok {
		return 0, 0, false
	}
	return number, owner, true
}

const (
	// Launch is when the first media can have been posted: 6 October 2010, in milliseconds.
	Launch = 1286323200000
	// shardedSince is when media numbers began to carry their time: milliseconds since then, a
	// shard and a sequence.
	shardedSince = 1314220021721
)

// mediaNumber is the number that a media of the owner gets when it is posted at a time in
// milliseconds. Numbers grow with time, as paging by id needs. The counting numbers of the first
// year stay below 2^53, so the generation that sends ids as JSON numbers uses them throughout.
func mediaNumber(ms int64, owner uint64, counting bool) uint64 {
	if counting || ms < shardedSince {
		return uint64(max(ms-Launch, 0))/250 + 1
	}
	return uint64(ms-shardedSince)<<23 | owner%8192<<10
}
