package wire

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// parseTime reads seconds since 1970, with a fraction or an exponent if there is one, or the ISO
// form of the earliest answers.
func parseTime(b []byte) (time.Time, bool) {
	text := string(b)
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return unixTime(seconds, 0)
	}
	if whole, fraction, ok := strings.Cut(text, "."); ok && len(fraction) <= 9 {
		seconds, err := strconv.ParseInt(whole, 10, 64)
		nanos, ferr := strconv.ParseUint((fraction + "000000000")[:9], 10, 32)
		if err == nil && ferr == nil {
			if strings.HasPrefix(whole, "-") {
				return unixTime(seconds, -int64(nanos))
			}
			return unixTime(seconds, int64(nanos))
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05-0700", time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			t = t.UTC()
			return t, t.IsZero() || t.Unix() > minUnix && t.Unix() < maxUnix
		}
	}
	// Spreadsheets make 1.296748524e+09 of it.
	if f, err := strconv.ParseFloat(text, 64); err == nil && isNumber(b) && f == float64(int64(f)) {
		return unixTime(int64(f), 0)
	}
	return time.Time{}, false
}

// Year 1 and year 10000, between which times are: those that any calendar can name.
const (
	minUnix = -62135596800
	maxUnix = 253402300800
)

func unixTime(seconds, nanos int64) (time.Time, bool) {
	if seconds <= minUnix || seconds >= maxUnix {
		return time.Time{}, false
	}
	return time.Unix(seconds, nanos).UTC(), true
}

// appendTime writes what parseTime reads: seconds, and a fraction only if there is one.
func appendTime(b []byte, t time.Time) []byte {
	seconds, nanos := t.Unix(), t.Nanosecond()
	if nanos == 0 {
		return strconv.AppendInt(b, seconds, 10)
	}
	if seconds < 0 { // -1.5 is 2 seconds before 1970 and half a second on
		seconds, nanos = -seconds-1, 1e9-nanos
		b = append(b, '-')
	}
	return append(b, strings.TrimRight(fmt.Sprintf("%d.%09d", seconds, nanos), "0")...)
}
