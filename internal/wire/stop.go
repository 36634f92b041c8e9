package wire

// errStopped ends the reading of a model that turned out to be something else.
var errStopped = new(Error)

// stopAt has the model that is read next end at the first member that no row of its table is for,
// and whose name is one of these.
func (d *Decoder) stopAt(names func(name []byte) bool) {
	d.stop, d.stopDepth = names, d.depth+1
}

// Stopped reports whether the reading was ended by a member that shows what the object really is.
func (d *Decoder) Stopped() bool { return d.err == errStopped }

// HasMember reports whether the object at start has a member with one of these names, as far as it
// can be read.
func (d *Decoder) HasMember(start Mark, names func(name []byte) bool) bool {
	found := false
	d.Names(start, func(name []byte) { found = found || names(name) })
	return found
}

// Names calls each with the name of each member of the object at start. It reports whether it could
// read all of the object.
func (d *Decoder) Names(start Mark, each func(name []byte)) bool {
	again := Decoder{data: d.data, pos: start.pos, depth: start.depth}
	for name := range again.Members {
		each(name)
		again.Skip()
	}
	return again.err == nil
}

// Refuse reports that the value at start is not what it was read as, whatever else is wrong with
// it.
func (d *Decoder) Refuse(start Mark, err error) {
	d.err = &Error{Offset: int64(start.pos), Err: err}
}
