package graph

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestServes(t *testing.T) {
	for segment, want := range map[string]bool{"me": true, "v26.0": true, "v26": true, "17": true, "users": false, "v": false, "017": false, "videos": false} {
		assert.Equal(t, want, Serves(segment), segment)
	}
}

func TestParseTime(t *testing.T) {
	now := time.Date(2020, 3, 31, 12, 30, 0, 0, time.UTC)
	for in, want := range map[string]string{
		"1500000000":           "2017-07-14T02:40:00Z",
		"@1500000000":          "2017-07-14T02:40:00Z",
		"2017-08-31":           "2017-08-31T00:00:00Z",
		"31 August 2017":       "2017-08-31T00:00:00Z",
		"2017-08-31T18:10:00Z": "2017-08-31T18:10:00Z",
		"now":                  "2020-03-31T12:30:00Z",
		"Yesterday":            "2020-03-30T00:00:00Z",
		"-2 days":              "2020-03-29T12:30:00Z",
		"3 hours ago":          "2020-03-31T09:30:00Z",
		"+1 week":              "2020-04-07T12:30:00Z",
	} {
		got, ok := parseTime(in, now)
		assert.True(t, ok, in)
		assert.Equal(t, want, got.UTC().Format(time.RFC3339), in)
	}
	for _, bad := range []string{"soon", "2017-13-01", "-x days", "9999999 days"} {
		_, ok := parseTime(bad, now)
		assert.False(t, ok, bad)
	}
}

func TestReadFields(t *testing.T) {
	fields, failed := mediaSchema().read("media_type, children{id,media_url},media_type", "")
	assert.Nil(t, failed)
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	assert.Equal(t, []string{"media_type", "children", "id"}, names)
	for _, bad := range []string{"nothing", "children{caption}", "children{id", "id{x}", "children{id}x"} {
		_, failed := mediaSchema().read(bad, "")
		assert.NotNil(t, failed, bad)
	}
}
