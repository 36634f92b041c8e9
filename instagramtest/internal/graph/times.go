package graph

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dateLayouts are the dates that can be read. Those without a zone are in UTC, those without a time
// are midnight.
var dateLayouts = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05", "2006-01-02 15:04",
	"2006/01/02", "2 January 2006", "January 2, 2006", "2 Jan 2006", "Jan 2, 2006",
}

var relativeTime = regexp.MustCompile(`^([+-]?)\s*(\d{1,6})\s*(second|sec|minute|min|hour|day|week|month|year)s?(\s+ago)?$`)

// parseTime reads a time as since and until take it: UNIX seconds, a date, or what PHP's strtotime
// makes of now, today, yesterday, tomorrow and of times like "-2 days" and "3 hours ago".
func parseTime(s string, now time.Time) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if seconds, err := strconv.ParseInt(strings.TrimPrefix(s, "@"), 10, 64); err == nil {
		return time.Unix(seconds, 0), true
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	s = strings.ToLower(s)
	today := now.UTC().Truncate(24 * time.Hour)
	switch s {
	case "now":
		return now, true
	case "today", "midnight":
		return today, true
	case "yesterday":
		return today.AddDate(0, 0, -1), true
	case "tomorrow":
		return today.AddDate(0, 0, 1), true
	}
	m := relativeTime.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false
	}
	n, _ := strconv.Atoi(m[2])
	if (m[1] == "-") != (m[4] != "") {
		n = -n
	}
	switch m[3] {
	case "second", "sec":
		return now.Add(time.Duration(n) * time.Second), true
	case "minute", "min":
		return now.Add(time.Duration(n) * time.Minute), true
	case "hour":
		return now.Add(time.Duration(n) * time.Hour), true
	case "day":
		return now.AddDate(0, 0, n), true
	case "week":
		return now.AddDate(0, 0, 7*n), true
	case "month":
		return now.AddDate(0, n, 0), true
	default:
		return now.AddDate(n, 0, 0), true
	}
}
