package instagram

import (
	"errors"
	"fmt"
	"strings"

	"github.com/igv1/instagram/internal/wire"
)

// Recorded data may hold anything. An object that is not the model it is read as is refused, and
// the error says what it looks like: read all the same, it would be a model without content.

// A look is what the names of its members tell of an object. The first one that an object has
// counts.
type look uint

const (
	lookWeb look = 1 << iota
	lookExport
	lookPrivate
	lookGraph
	lookPhotoTag
	lookComment
	lookMedia
	lookTag
	lookPlace
	lookUser
	lookRelationship
	lookSubscription
	lookInsight
)

// looks says what an object is that has a look.
var looks = map[look]string{
	lookWeb:          "web page data (GraphQL)",
	lookExport:       "an export of Instagram's (posts_1.json): use package archive",
	lookPrivate:      "an object of the private mobile API",
	lookGraph:        "a Graph media",
	lookPhotoTag:     "a user in a photo",
	lookComment:      "a comment",
	lookMedia:        "a media",
	lookTag:          "a tag",
	lookPlace:        "a place",
	lookUser:         "a user",
	lookRelationship: "a relationship",
	lookSubscription: "a subscription",
	lookInsight:      "an insight of the Graph",
}

// foreign are the looks of objects that are of another API, whatever they share with a model.
const foreign = lookWeb | lookExport | lookPrivate

// marks says what a member tells of the object that it is in.
var marks = map[string]look{
	"__typename": lookWeb, "display_url": lookWeb, "display_src": lookWeb, "thumbnail_src": lookWeb, "taken_at_timestamp": lookWeb,
	"is_video": lookWeb, "node": lookWeb, "graphql": lookWeb, "shortcode_media": lookWeb, "profile_pic_url_hd": lookWeb,

	"creation_timestamp": lookExport, "string_map_data": lookExport, "string_list_data": lookExport, "media_map_data": lookExport,
	"media_list_data": lookExport, "media_metadata": lookExport, "label_values": lookExport, "path": lookExport, "uri": lookExport,

	"pk": lookPrivate, "taken_at": lookPrivate, "image_versions2": lookPrivate, "device_timestamp": lookPrivate, "client_cache_key": lookPrivate,

	"media_type": lookGraph, "media_url": lookGraph, "permalink": lookGraph, "thumbnail_url": lookGraph, "timestamp": lookGraph,
	"media_product_type": lookGraph, "is_shared_to_feed": lookGraph,

	"position": lookPhotoTag,
	"text":     lookComment, "from": lookComment,
	"images": lookMedia, "videos": lookMedia, "users_in_photo": lookMedia, "user_has_liked": lookMedia, "carousel_media": lookMedia, "filter": lookMedia,
	"media_count": lookTag,
	"name":        lookPlace, "latitude": lookPlace, "longitude": lookPlace, "street_address": lookPlace,
	"username": lookUser, "full_name": lookUser, "profile_picture": lookUser,
	"bio": lookUser, "counts": lookUser, "first_name": lookUser, "last_name": lookUser, "is_business": lookUser,
	"outgoing_status": lookRelationship, "incoming_status": lookRelationship,
	"callback_url": lookSubscription, "changed_aspect": lookSubscription,
	"period": lookInsight, "total_value": lookInsight,
}

// lookOf returns the look of a model, and of those that share its members.
func lookOf[T Model]() look {
	switch any((*T)(nil)).(type) {
	case *MediaEntry:
		return lookMedia
	case *CommentEntry, *GraphComment:
		return lookComment
	case *UserInfo, *UserShortInfo, *GraphUser:
		return lookUser
	case *TagInfo:
		return lookTag
	case *LocationInfo:
		return lookPlace
	case *RelationshipInfo, *RelationshipStatus:
		return lookRelationship
	case *GraphMedia:
		return lookGraph
	case *GraphInsight:
		return lookInsight
	}
	return lookSubscription
}

// readRecordedEntry is readEntry for recorded data.
func readRecordedEntry[T Model](d *wire.Decoder, table *wire.Table[T]) *T {
	if d.Peek() != '{' {
		return readEntry(d, table)
	}
	start := d.Mark()
	d.Entry()
	entry := table.New(d)
	seen := table.Read(d, entry)
	switch {
	case d.Malformed(), d.Stopped():
		return entry
	case !d.Failed() && seen.Own() && len(*table.Extra(entry)) == 0:
		return entry
	}
	if err := mistaken(d, start, table, seen); err != nil {
		d.Refuse(start, err)
	}
	return entry
}

// mistaken says what the object at start is that was read as a T, rightly or not. It is nil if it
// is a T.
func mistaken[T Model](d *wire.Decoder, start wire.Mark, table *wire.Table[T], seen wire.Seen) error {
	own, wrong := lookOf[T](), d.Failed()
	known, empty := false, true
	var has look
	whole := d.Names(start, func(name []byte) {
		empty = false
		says := lookOfMember(name)
		if table.Knows(name) {
			known = true
			says &= own // what else it says is of models that have it too
		}
		has |= says
	})
	failure := new(Error)
	switch {
	case !whole, has&own != 0 && own == lookMedia:
		return nil
	case has&foreign != 0:
		has &= foreign
	case seen.Own() && !wrong:
		return nil
	case !known && !wrong && readGraphError(failure, d.Raw(start)):
		return failure
	}
	switch has &^= own; {
	case has != 0:
		return fmt.Errorf("this is %s, not %s", looks[has&-has], looks[own])
	case wrong:
		return nil
	case empty:
		return errors.New("this is an empty object, not " + looks[own])
	case !known:
		return errors.New("this has no member of " + looks[own])
	}
	return nil
}

func lookOfMember(name []byte) look {
	if strings.HasPrefix(string(name), "edge_") {
		return lookWeb
	}
	return marks[string(name)]
}
