package instagram

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecodeListFirstGeneration(t *testing.T) {
	env, err := decodeList[MediaEntry]([]byte(`{"meta":{"code":200},"data":[
		{"type":1,"id":20001,"user":{"id":7,"username":"mora.kestrel","first_name":"Mora","last_name":"Kestrel"},
		 "comments":[{"created_time":"2011-02-01T19:08:57+0000","message":"so \u00e9arly","from":{"id":8},"id":3}],
		 "like_count":2,"created_time":"2011-02-01T19:08:57+0000","caption":null,
		 "images":{"high_resolution":{"url":"http://images.example/1_7.jpg","width":612,"height":612}},
		 "location":{"id":null,"name":null,"latitude":null,"longitude":null}}],
		"paging":{"next":"http://api.example/v1/x?max_id=20000"}}`), false)
	require.NoError(t, err)
	require.Len(t, env.Items, 1)
	m := env.Items[0]
	assert.Equal(t, "20001", m.ID)
	assert.Equal(t, MediaImage, m.Type)
	assert.Equal(t, "7", m.User.ID)
	assert.Equal(t, 1, m.Comments.Count)
	assert.Equal(t, "so éarly", m.Comments.Data[0].Text)
	assert.Equal(t, 2, m.Likes.Count)
	assert.Equal(t, time.Date(2011, 2, 1, 19, 8, 57, 0, time.UTC), m.CreatedTime)
	assert.Equal(t, 612, m.Images.StandardResolution.Width)
	assert.Nil(t, m.Location)
	assert.Nil(t, m.Extra)
	assert.Equal(t, 200, env.Meta.Code)
	assert.Equal(t, "http://api.example/v1/x?max_id=20000", env.Pagination.NextURL)
}

func TestDecodeErrorNamesThePlace(t *testing.T) {
	tests := []struct{ name, body, path, text string }{
		{"wrong kind", `{"data":[{},{"images":{"thumbnail":{"width":"x"}}}]}`, "data[1].images.thumbnail.width",
			"instagram: decode: data[1].images.thumbnail.width: want a whole number, got a string (offset 44)"},
		{"array for an object", `{"data":[{"user":[]}]}`, "data[0].user", "instagram: decode: data[0].user: want an object, got an array (offset 17)"},
		{"object for a list", `{"data":{}}`, "data", "instagram: decode: data: want an array, got an object (offset 8)"},
		{"truncated", `{"data":[{"id":"1`, "data[0].id", "instagram: decode: data[0].id: unexpected EOF (offset 17)"},
		{"empty", ``, "", "instagram: decode: unexpected EOF (offset 0)"},
		{"page", `<html>`, "", "instagram: decode: invalid character '<' at start of value (offset 0)"},
		{"trailing", `{"data":[]} x`, "", "instagram: decode: invalid character 'x' at start of value (offset 12)"},
		{"no envelope", `{"id":"1"}`, "", "instagram: decode: neither meta nor data (offset 0)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := decodeList[MediaEntry]([]byte(test.body), false)
			var failure *DecodeError
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, test.path, failure.Path)
			assert.EqualError(t, err, test.text)
		})
	}
}
