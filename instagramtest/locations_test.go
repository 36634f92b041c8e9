package instagramtest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSearchLocations(t *testing.T) {
	a := start(t)
	found := a.list("/locations/search?" + eiffel)
	require.Len(t, found, 3)
	assert.Equal(t, "Tour Eiffel", found[0].(object)["name"], "nearest first")
	assert.Len(t, a.list("/locations/search?distance=100&"+eiffel), 1)
	assert.Greater(t, len(a.list("/locations/search?distance=5000&"+eiffel)), 3)
	assert.Len(t, a.list("/locations/search?foursquare_id=42000"), 1)
	assert.Empty(t, a.list("/locations/search?foursquare_v2_id=x"))
	assert.Empty(t, a.list("/locations/search?facebook_places_id=1"))
	for query, message := range map[string]string{
		"": "is required", "distance=5": "is required", "lat=1": "lng", "lng=1": "lat", "lat=x&lng=1": "lat",
		eiffel + "&distance=5001": "distance", eiffel + "&distance=-1": "distance",
	} {
		a.fails(a.get("/locations/search?"+query), 400, "APIInvalidParametersError", message)
	}
}

func TestLocation(t *testing.T) {
	a := start(t)
	p := a.list("/locations/search?" + eiffel)[0].(object)
	path := "/locations/" + p["id"].(string)
	assert.Equal(t, p, a.one(path))
	all := flat(a.pages(path + "/media/recent?count=10"))
	require.Greater(t, len(all), 20)
	for _, m := range all {
		where := m.(object)["location"].(object)
		where["id"] = fmt.Sprintf("%.0f", where["id"]) // a number here
		assert.Equal(t, p, where)
	}
	id := func(i int) string { return ids(all)[i] }
	assert.Equal(t, ids(all[:20]), ids(a.list(path+"/media/recent")))
	assert.Equal(t, ids(all[6:8]), ids(a.list(path+"/media/recent?count=2&max_id="+id(5))))
	assert.Equal(t, ids(all[:5]), ids(a.list(path+"/media/recent?min_id="+id(5))))
	assert.Equal(t, ids(all[3:5]), ids(a.list(fmt.Sprintf(path+"/media/recent?min_timestamp=%d&max_timestamp=%d", seconds(all[5]), seconds(all[2])))))
	for _, id := range []string{"1", "x", "0"} {
		a.fails(a.get("/locations/"+id), 400, "APINotFoundError", "invalid location id")
		a.fails(a.get("/locations/"+id+"/media/recent"), 400, "APINotFoundError", "invalid location id")
	}
	a.fails(a.get("/geographies/1/media/recent"), 400, "APINotFoundError", "invalid geography id")
}
