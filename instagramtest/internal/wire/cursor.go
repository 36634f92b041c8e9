package wire

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// cursorPrefix is what the service's own opaque cursors start with.
const cursorPrefix = "AQC"

// TagCursor is opaque text since 2016.
func (e wire2017) TagCursor(number uint64) string {
	b := binary.BigEndian.AppendUint64(nil, number)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return cursorPrefix + base64.RawURLEncoding.EncodeToString(b)
}

// ParseTagCursor reads a place in the list of a tag's media as any generation wrote it. The id of a
// media is one, too.
func ParseTagCursor(s string) (number uint64, ok bool) {
	text, opaque := strings.CutPrefix(s, cursorPrefix)
	if !opaque {
		number, _, ok = world.ParseMediaID(s)
		return number, ok
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) != 12 || crc32.ChecksumIEEE(b[:8]) != binary.BigEndian.Uint32(b[8:]) {
		return 0, false
	}
	return binary.BigEndian.Uint64(b), true
}
