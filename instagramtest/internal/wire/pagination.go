package wire

// Page says where the next page of a list is. The zero value is a list that does not page.
type Page struct {
	Param  string // that asks for the next page
	Next   string // its value, "" on the last page
	URL    string // of the next page
	Newest string // of a tag's list: the newest entry, to ask for what is newer later
}

const tagDeprecation = "next_max_id and min_id are deprecated for this endpoint; use min_tag_id and max_tag_id instead"

func appendPagination(b []byte, p Page, e Encoder) []byte {
	b = append(b, `,"pagination":{`...)
	member := func(name, value string) {
		if value == "" {
			return
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, name...)
		b = append(b, `":`...)
		b = e.Text(b, value)
	}
	if p.Next != "" {
		member("next_url", p.URL)
		member("next_"+p.Param, p.Next)
	}
	if p.Param == "max_tag_id" {
		member("next_max_id", p.Next)
		member("next_min_id", p.Newest)
		member("min_tag_id", p.Newest)
		member("deprecation_warning", tagDeprecation)
	}
	return append(b, '}')
}
