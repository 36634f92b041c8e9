package wire

// Skip moves over a value of any kind and returns it as it is written, or nil if it is none. The
// value is valid as long as the text is.
func (d *Decoder) Skip() []byte {
	start := d.pos
	if d.skip(); d.err != nil {
		return nil
	}
	return d.data[start:d.pos]
}

func (d *Decoder) skip() {
	switch c := d.Peek(); c {
	case '"':
		if !d.skipString() {
			d.malformed()
		}
	case '{', '[':
		d.open()
		for first := true; d.more(c+2, first); first = false { // the one that closes it
			if c == '{' {
				d.skipName()
			}
			if d.err == nil {
				d.skip()
			}
		}
	case 't':
		d.want("true")
	case 'f':
		d.want("false")
	case 'n':
		d.want("null")
	default:
		d.number()
	}
}

func (d *Decoder) want(literal string) {
	if !d.literal(literal) {
		d.malformed()
	}
}

func (d *Decoder) skipName() {
	if d.Peek() != '"' || !d.skipString() {
		d.malformed()
		return
	}
	d.colon()
}

// skipString moves over a string and reports whether it is one.
func (d *Decoder) skipString() bool {
	for pos := d.pos + 1; ; {
		pos, _ = special(d.data, pos)
		if pos == len(d.data) || d.data[pos] < ' ' {
			return false
		}
		if d.data[pos] == '"' {
			d.pos = pos + 1
			return true
		}
		size := escapeSize(d.data[pos:])
		if size == 0 {
			return false
		}
		pos += size
	}
}

// number moves over a number and returns it as it is written.
func (d *Decoder) number() []byte {
	start := d.pos
	if d.Peek() == '-' {
		d.pos++
	}
	valid := true
	if d.Peek() == '0' {
		d.pos++
	} else {
		valid = d.digits()
	}
	if d.Peek() == '.' {
		d.pos++
		valid = d.digits() && valid
	}
	if c := d.Peek(); c == 'e' || c == 'E' {
		d.pos++
		if c := d.Peek(); c == '+' || c == '-' {
			d.pos++
		}
		valid = d.digits() && valid
	}
	if !valid {
		d.malformed()
	}
	return d.data[start:d.pos]
}

// digits moves over digits and reports whether there were any.
func (d *Decoder) digits() bool {
	start := d.pos
	for c := d.Peek(); '0' <= c && c <= '9'; c = d.Peek() {
		d.pos++
	}
	return d.pos > start
}
