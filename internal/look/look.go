// Package look tells by the names of its members what kind of thing a JSON object is, for data of
// which nothing is known.
package look

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/igv1/instagram/internal/wire"
)

// A Look is what kind of thing an object looks like. Looks are bits: an object that has several is
// taken for the first of them.
type Look uint

// The looks, in the order in which they count.
const (
	Web Look = 1 << iota
	Export
	Private
	Embed
	Token
	Graph
	PhotoTag
	Comment
	Media
	Tag
	Place
	User
	Relationship
	Subscription
	Insight
)

// Foreign are the looks of objects that are of another API, whatever they share with a model.
const Foreign = Web | Export | Private | Embed | Token

// texts are the looks in words, in their order.
var texts = []string{
	"web page data (GraphQL)",
	"an export of Instagram's (posts_1.json): use package archive",
	"an object of the private mobile API",
	"what oEmbed answers",
	"what the server of tokens answers",
	"a Graph media",
	"a user in a photo",
	"a comment",
	"a media",
	"a tag",
	"a place",
	"a user",
	"a relationship",
	"a subscription",
	"an insight of the Graph",
}

// String returns what an object with these looks is, in words. There must be one.
func (l Look) String() string { return texts[bits.TrailingZeros(uint(l))] }

// OfMember returns what a member tells of the object that it is in, by its name. It is 0 for a name
// that tells nothing.
func OfMember(name []byte) Look {
	if strings.HasPrefix(string(name), "edge_") {
		return Web
	}
	return marks[string(name)]
}

var marks = map[string]Look{
	"__typename": Web, "display_url": Web, "display_src": Web, "thumbnail_src": Web, "taken_at_timestamp": Web,
	"is_video": Web, "node": Web, "graphql": Web, "shortcode_media": Web, "profile_pic_url_hd": Web,

	"creation_timestamp": Export, "string_map_data": Export, "string_list_data": Export, "media_map_data": Export,
	"media_list_data": Export, "media_metadata": Export, "label_values": Export, "path": Export, "uri": Export,

	"pk": Private, "taken_at": Private, "image_versions2": Private, "device_timestamp": Private, "client_cache_key": Private,

	"provider_name": Embed, "provider_url": Embed, "author_url": Embed,
	"access_token": Token,

	"media_type": Graph, "media_url": Graph, "permalink": Graph, "thumbnail_url": Graph, "timestamp": Graph,
	"media_product_type": Graph, "is_shared_to_feed": Graph,

	"position": PhotoTag,
	"text":     Comment, "from": Comment,
	"images": Media, "videos": Media, "users_in_photo": Media, "user_has_liked": Media, "carousel_media": Media, "filter": Media,
	"media_count": Tag,
	"name":        Place, "latitude": Place, "longitude": Place, "street_address": Place,
	"username": User, "full_name": User, "profile_picture": User,
	"bio": User, "counts": User, "first_name": User, "last_name": User, "is_business": User,
	"outgoing_status": Relationship, "incoming_status": Relationship,
	"callback_url": Subscription, "changed_aspect": Subscription,
	"period": Insight, "total_value": Insight,
}

// Mistake says what the object at start is that was read as a model, rightly or not. It is nil if
// it is one. It is told the look of the model, which members the model knows, whether the object had
// a member that no other model has, and how to tell that an object is an error of another kind.
func Mistake(d *wire.Decoder, start wire.Mark, own Look, knows func(name []byte) bool, sure bool, failure func(text []byte) error) error {
	wrong, known, empty := d.Failed(), false, true
	var has Look
	whole := d.Names(start, func(name []byte) {
		empty = false
		says := OfMember(name)
		if knows(name) {
			known = true
			says &= own // what else it says is of models that have it too
		}
		has |= says
	})
	switch {
	case !whole, has&own != 0 && own == Media:
		return nil
	case has&Foreign != 0:
		has &= Foreign
	case sure && !wrong:
		return nil
	case !known && !wrong:
		if err := failure(d.Raw(start)); err != nil {
			return err
		}
	}
	switch has &^= own; {
	case has != 0:
		return fmt.Errorf("this is %s, not %s", has, own)
	case wrong:
		return nil
	case empty:
		return fmt.Errorf("this is an empty object, not %s", own)
	case !known:
		return fmt.Errorf("this has no member of %s", own)
	}
	return nil
}
