package instagram_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/igv1/instagram"
)

func ExampleDecode() {
	file, err := os.Open("testdata/2010/user.json") // recorded early in 2011
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()

	user, err := instagram.Decode[instagram.UserInfo](file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.ID, user.Username, user.FirstName, user.Counts.FollowedBy)
	// Output: 3207 wren.tallow Wren 211
}

func ExampleDecodePage() {
	file, err := os.Open("testdata/2011/media_list-tag.json")
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()

	page, err := instagram.DecodePage[instagram.MediaEntry](file)
	if err != nil {
		log.Fatal(err)
	}
	for _, media := range page.Items {
		fmt.Println(media.ID, media.Type, media.Likes.Count)
	}
	fmt.Println(page.Cursor())
	// Output:
	// 627000000000000001_481516 image 57
	// 625000000000000001_481516 image 1
	// max_tag_id=1388800000000
}

// An archive may hold anything that was recorded, in any order: whole answers, of calls that failed
// too, and single media. One that does not decode does not hide the rest.
func ExampleDecodeAll() {
	archive := strings.NewReader(`
{"meta": {"code": 200}, "data": [{"id": 12298011, "type": 2}, {"id": 12311902, "type": 1, "like_count": 4}]}
{"meta": {"code": 400, "error_type": "APINotAllowedError", "error_message": "you cannot view this resource"}}
{"id": "1880000000000000001_17", "type": "carousel", "likes": {"count": "many"}}
{"id": "1880000000000000002_17", "type": "image", "likes": {"count": 31`)

	likes := 0
	for media, err := range instagram.DecodeAll[instagram.MediaEntry](archive) {
		if errors.Is(err, instagram.ErrNotAllowed) {
			continue // was private when it was recorded
		}
		if err != nil {
			fmt.Println(err)
			continue
		}
		likes += media.Likes.Count
	}
	fmt.Println(likes, "likes")
	// Output:
	// instagram: decode: likes.count: want a whole number, got a string (offset 292)
	// instagram: decode: likes.count: unexpected EOF (offset 372)
	// 4 likes
}

// What this package has no field for is in Extra, and is written back.
func ExampleMediaEntry() {
	recorded := `{"id": 627, "type": 1, "caption": {"message": "Low tide"}, "comments": [], "filter_strength": 0.75}`

	var media instagram.MediaEntry
	if err := json.Unmarshal([]byte(recorded), &media); err != nil {
		log.Fatal(err)
	}
	fmt.Println(media.ID, media.Type, media.Caption.Text)
	fmt.Println(string(media.Extra["filter_strength"]))

	canonical, err := json.Marshal(media)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.Contains(string(canonical), `"filter_strength":0.75`))
	// Output:
	// 627 image Low tide
	// 0.75
	// true
}
