package archive

// isPrivate knows a media or a user of the private mobile API, which web pages use too today.
func isPrivate(o object) bool {
	return o.has("pk") && (o.has("username") || o.has("media_type") || o.has("taken_at") || o.has("image_versions2"))
}

// isPublic knows what instagram.com/{user}/media/ answered, and the private API, whose answers look
// the same from outside.
func isPublic(f *found) bool {
	return isPrivate(f.object) || isArray(f.get("items")) && (f.has("status") || f.has("more_available")) && !f.has("meta")
}

func (c *collector) public(f *found) {
	if isPrivate(f.object) {
		c.skip("answers of the private mobile API")
		return
	}
	for _, item := range elements(f.get("items")) {
		o, err := parseObject(item)
		switch {
		case err != nil:
			c.fail(c.syntax(item, err))
		case o.has("pk") || o.has("taken_at"):
			c.skip("answers of the private mobile API")
		default:
			c.v1Element(item, list{})
		}
	}
}
