package archive_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/igv1/instagram/archive"
)

// A folder that holds a post of an export twice, and an answer of v1 to a failed call.
var folder = fstest.MapFS{
	"instagram-mira.solane-2024-05-01/content/posts_1.json": {Data: []byte(`[{"media": [{"uri": "media/posts/quay.jpg", "creation_timestamp": 1583020800, "title": "Caf\u00c3\u00a9 on the quay"}]}]`)},
	"instagram-mira.solane-2024-06-01/content/posts_1.json": {Data: []byte(`[{"media": [{"uri": "media/posts/quay.jpg", "creation_timestamp": 1583020800, "title": "Caf\u00c3\u00a9 on the quay"}]}]`)},
	"instagram-mira.solane-2024-05-01/media/posts/quay.jpg": {},
	"recorded.json": {Data: []byte(`{"meta": {"code": 400, "error_type": "APINotAllowedError", "error_message": "you cannot view this resource"}}`)},
}

func Example() {
	a, err := archive.OpenFS(folder) // or archive.Open(paths...)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer a.Close()
	for item, err := range a.Media(context.Background()) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(item.Value.CreatedTime.Year(), item.Value.User.Username, item.Value.Caption.Text)
		for _, file := range item.Files {
			fmt.Println(file.Name)
		}
	}
	fmt.Print(a.Report())
	// Output:
	// 2020 mira.solane Café on the quay
	// instagram-mira.solane-2024-05-01/media/posts/quay.jpg
	// archive: recorded.json (offset 0): instagram: recorded answer: 400 APINotAllowedError: you cannot view this resource
	// export, 2 files: 2 media, 1 duplicate dropped
	// v1, 1 file: 1 answer to failed calls
}
