package wire

import (
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// Extra holds the members of a model that it has no field for.
type Extra = map[string]json.RawMessage

// syntax is the JSON that recorded answers are written in: as liberal as encoding/json about names
// given twice and about invalid UTF-8.
var syntax = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// Raw returns the value that began at start and ends where the decoder stands, or nil after an
// error.
func (d *Decoder) Raw(start Mark) []byte {
	if d.err != nil {
		return nil
	}
	return d.data[start.pos:d.pos]
}

// About what a map takes, with its first members, and each further member beside its name and
// value, in bytes.
const (
	mapSize   = 512
	entrySize = 64
)

// Keep puts a value into extra, in the form that survives json.Marshal, which takes white space out
// and escapes what is special in HTML.
func (d *Decoder) Keep(extra *Extra, name string, value []byte) {
	if *extra == nil {
		*extra = make(Extra)
		d.Spend(mapSize)
	}
	kept, _ := jsontext.AppendFormat(nil, value, syntax...) // has been read as a value
	d.Spend(entrySize + len(name) + 2*cap(kept))            // twice, as it has grown to that
	(*extra)[name] = kept
}

// unknown keeps a member that the model has no field for.
func (d *Decoder) unknown(extra *Extra, name []byte) {
	key := d.copy(name)
	if value := d.Skip(); value != nil {
		d.Keep(extra, key, value)
	}
}

// Drop takes a member out of extra.
func Drop(extra *Extra, name string) {
	if *extra == nil {
		return
	}
	delete(*extra, name)
	if len(*extra) == 0 {
		*extra = nil
	}
}
