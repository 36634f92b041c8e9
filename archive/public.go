package archive

// isPublic knows what instagram.com/{user}/media/ answered, and the private API, whose answers look
// the same from outside.
func isPublic(f *found) bool {
	return isArray(f.get("items")) && (f.has("status") || f.has("more_available")) && !f.has("meta")
}

func (c *collector) public(f *found) {
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
