package instagram

func (m *MetaData) decode(d *decoder) {
	for name := range d.members {
		m.member(d, string(name))
	}
}

// member reads one member of meta.
func (m *MetaData) member(d *decoder, name string) {
	switch name {
	case "code":
		m.Code = d.int()
	case "error_type":
		m.ErrorType = ErrorType(optional(d, &m.Extra, name, (*decoder).string))
	case "error_message":
		m.ErrorMessage = optional(d, &m.Extra, name, (*decoder).string)
	default:
		d.unknown(&m.Extra, []byte(name))
	}
}

// failed reports whether the answer tells of an error. Its HTTP status need not.
func (m *MetaData) failed() bool { return m.Code >= 400 || m.ErrorType != "" }

func (p *Pagination) decode(d *decoder) {
	var next string
	var nextRaw []byte
	for name := range d.members {
		start := d.pos
		switch string(name) {
		case "next": // the earliest name of next_url
			next = d.string()
			nextRaw = d.raw(start)
		case "next_url":
			p.NextURL = optional(d, &p.Extra, "next_url", (*decoder).string)
		case "next_max_id":
			p.NextMaxID = optional(d, &p.Extra, "next_max_id", (*decoder).string)
		case "next_max_like_id":
			p.NextMaxLikeID = optional(d, &p.Extra, "next_max_like_id", (*decoder).string)
		case "next_cursor":
			p.NextCursor = optional(d, &p.Extra, "next_cursor", (*decoder).string)
		case "next_max_tag_id":
			p.NextMaxTagID = optional(d, &p.Extra, "next_max_tag_id", (*decoder).string)
		case "min_tag_id":
			p.MinTagID = optional(d, &p.Extra, "min_tag_id", (*decoder).string)
		case "min_id":
			p.MinID = optional(d, &p.Extra, "min_id", (*decoder).string)
		case "next_min_id":
			p.NextMinID = optional(d, &p.Extra, "next_min_id", (*decoder).string)
		case "deprecation_warning":
			p.DeprecationWarning = optional(d, &p.Extra, "deprecation_warning", (*decoder).string)
		case "previous":
			p.PreviousURL = optional(d, &p.Extra, "previous", (*decoder).string)
		case "cursors":
			p.Cursors.decode(d)
		default:
			d.unknown(&p.Extra, name)
		}
	}
	switch {
	case nextRaw == nil || d.err != nil:
	case p.NextURL == "" && next != "":
		p.NextURL = next
		drop(&p.Extra, "next_url")
	case p.NextURL == "" || p.NextURL != next:
		d.keep(&p.Extra, "next", nextRaw)
	}
}
