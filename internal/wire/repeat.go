package wire

import (
	"bytes"
	"strings"
)

// maxRepeat bounds the text of a model that is looked for again, in bytes.
const maxRepeat = 512

// repeats are two models that were read before, with their texts: the one that was met again last,
// and the newest of the others.
type repeats[T any] struct {
	texts  [2][]byte
	models [2]T
	apart  [2]bool // the strings are in memory of their own
	last   int     // the one that was met again
}

// readRepeated is readObject for a model that often is, byte for byte, one that was read before. The
// field is to be empty.
func (t *Table[T]) readRepeated(d *Decoder, field any) {
	t.ready()
	model, known := field.(*T), &t.memory(d).repeats
	for i, text := range known.texts {
		if len(text) > 0 && bytes.HasPrefix(d.data[d.pos:], text) && d.depth < maxDepth {
			if !known.apart[i] { // or each would keep the strings beside the first in memory
				t.setApart(&known.models[i])
				known.apart[i] = true
			}
			*model, known.last = known.models[i], i
			d.pos += len(text)
			return
		}
	}
	start := d.Mark()
	t.Read(d, model)
	raw := d.Raw(start)
	if len(raw) > 2 && len(raw) <= maxRepeat && raw[0] == '{' && *t.Extra(model) == nil {
		other := 1 - known.last
		known.texts[other] = append(known.texts[other][:0], raw...)
		known.models[other], known.apart[other] = *model, false
	}
}

// setApart moves the strings of a model into memory of their own.
func (t *engine[P]) setApart(model P) {
	for i := range t.rows {
		if r := &t.rows[i]; r.kind == kindString {
			text := r.Field(model).(*string)
			*text = strings.Clone(*text)
		}
	}
}

// forget lets go of the models and of their memory.
func (r *repeats[T]) forget() {
	clear(r.models[:])
	for i := range r.texts {
		r.texts[i] = r.texts[i][:0]
	}
}
