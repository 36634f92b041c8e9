package instagram

func (l *LocationInfo) decode(d *decoder) { l.read(d) }

// location reads the place of a media, which is nil where each member is null.
func (d *decoder) location() *LocationInfo {
	var l LocationInfo
	if !l.read(d) {
		return nil
	}
	return &l
}

// read reports whether any member was not null.
func (l *LocationInfo) read(d *decoder) (located bool) {
	var latitude, longitude []byte
	for name := range d.members {
		start := d.pos
		switch string(name) {
		case "id":
			l.ID = d.string()
		case "name":
			l.Name = d.string()
		case "latitude":
			l.Latitude = d.float()
			latitude = d.raw(start)
		case "longitude":
			l.Longitude = d.float()
			longitude = d.raw(start)
		case "street_address":
			l.StreetAddress = optional(d, &l.Extra, "street_address", (*decoder).string)
		default:
			d.unknown(&l.Extra, name)
		}
		located = located || d.raw(start) != nil
	}
	// Coordinates of 0,0 look like none at all.
	if l.Latitude == 0 && l.Longitude == 0 && d.err == nil {
		if latitude != nil {
			d.keep(&l.Extra, "latitude", latitude)
		}
		if longitude != nil {
			d.keep(&l.Extra, "longitude", longitude)
		}
	}
	return located
}

func (t *TagInfo) decode(d *decoder) {
	for name := range d.members {
		switch string(name) {
		case "name":
			t.Name = d.string()
		case "media_count":
			t.MediaCount = d.int()
		case "description":
			t.Description = optional(d, &t.Extra, "description", (*decoder).string)
		case "external_url":
			t.ExternalURL = optional(d, &t.Extra, "external_url", (*decoder).string)
		default:
			d.unknown(&t.Extra, name)
		}
	}
}
