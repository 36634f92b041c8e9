package look

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
