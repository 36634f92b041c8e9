package look

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/igv1/instagram/internal/wire"
)

func TestOfMember(t *testing.T) {
	tests := map[string]struct {
		look Look
		text string
	}{
		"edge_media_to_caption": {Web, "web page data (GraphQL)"},
		"string_map_data":       {Export, "an export of Instagram's (posts_1.json): use package archive"},
		"pk":                    {Private, "an object of the private mobile API"},
		"provider_name":         {Embed, "what oEmbed answers"},
		"access_token":          {Token, "what the server of tokens answers"},
		"permalink":             {Graph, "a Graph media"},
		"position":              {PhotoTag, "a user in a photo"},
		"text":                  {Comment, "a comment"},
		"images":                {Media, "a media"},
		"media_count":           {Tag, "a tag"},
		"latitude":              {Place, "a place"},
		"username":              {User, "a user"},
		"outgoing_status":       {Relationship, "a relationship"},
		"callback_url":          {Subscription, "a subscription"},
		"total_value":           {Insight, "an insight of the Graph"},
	}
	for name, tt := range tests {
		assert.Equal(t, tt.look, OfMember([]byte(name)), name)
		assert.Equal(t, tt.text, tt.look.String())
	}
	assert.Len(t, tests, len(texts))
	for _, name := range []string{"", "id", "edge", "Images"} {
		assert.Zero(t, OfMember([]byte(name)), name)
	}
}

// The first look counts: what is of another API is said before what it shares with a model.
func TestFirstLookCounts(t *testing.T) {
	assert.Equal(t, "an object of the private mobile API", (User | Private).String())
	assert.Equal(t, "a media", (Media | User | Insight).String())
	for _, l := range []Look{Web, Export, Private, Embed, Token} {
		assert.NotZero(t, l&Foreign)
	}
	assert.Zero(t, Foreign&(Graph|Media))
}

func TestMistake(t *testing.T) {
	refused := errors.New("an error of the server")
	of := func(own Look, sure bool, text string) error {
		d := wire.NewDecoder([]byte(text))
		defer d.Release()
		knows := func(name []byte) bool {
			return string(name) == "id" || string(name) == "name" || OfMember(name)&own != 0
		}
		start := d.Mark()
		d.Skip()
		return Mistake(d, start, own, knows, sure, func(text []byte) error {
			if strings.Contains(string(text), "error") {
				return refused
			}
			return nil
		})
	}
	for text, want := range map[string]string{
		`{"id":"7","username":"ada"}`:   "",
		`{"id":"7","name":"x"}`:         "",
		`{"id":"7","text":"x"}`:         "this is a comment, not a user",
		`{"username":"ada","pk":7}`:     "this is an object of the private mobile API, not a user",
		`{"edge_x":[]}`:                 "this is web page data (GraphQL), not a user",
		`{}`:                            "this is an empty object, not a user",
		`{"x":1}`:                       "this has no member of a user",
		`{"error":{}}`:                  "an error of the server",
		`{"username":"ada","error":{}}`: "",
		`{"id":`:                        "",
	} {
		err := of(User, false, text)
		if want == "" {
			assert.NoError(t, err, text)
		} else {
			assert.EqualError(t, err, want, text)
		}
	}
	assert.NoError(t, of(Media, false, `{"images":{},"text":"x","media_type":"IMAGE"}`), "a media has much of what others have")
	assert.NoError(t, of(User, true, `{"username":"ada","x":1}`))
	assert.Error(t, of(User, true, `{"username":"ada","pk":1}`))
}
