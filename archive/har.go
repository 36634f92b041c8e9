package archive

// isHAR knows an entry of an HTTP archive, as browsers and proxies save them.
func isHAR(f *found) bool { return interaction(f) && f.object.object("response").has("content") }

func (c *collector) har(f *found) {
	request, response := f.object.object("request"), f.object.object("response")
	content := response.object("content")
	body := []byte(content.text("text"))
	if content.text("encoding") == "base64" {
		decoded, ok := base64Of(content.text("text"))
		if !ok {
			c.skip("answers whose body cannot be read")
			return
		}
		body = decoded
	}
	c.answer(&call{
		method: request.text("method"),
		url:    request.text("url"),
		status: statusOf(response),
		header: headerOf(response.get("headers")),
		body:   body,
	})
}
