package wire

import "encoding/binary"

// A key is what comes before a value. Its first 16 bytes are compared as two words.
type key struct {
	text         string
	words, masks [2]uint64
}

func newKey(text string) key {
	k := key{text: text}
	for i := range min(len(text), 16) {
		k.words[i/8] |= uint64(text[i]) << (i % 8 * 8)
		k.masks[i/8] |= 0xff << (i % 8 * 8)
	}
	return k
}

// begins reports whether b begins with the key.
func (k *key) begins(b []byte) bool {
	if len(b) < 16 {
		return len(b) >= len(k.text) && string(b[:len(k.text)]) == k.text
	}
	first, second := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	if (first^k.words[0])&k.masks[0]|(second^k.words[1])&k.masks[1] != 0 {
		return false
	}
	n := len(k.text)
	return n <= 16 || len(b) >= n && string(b[16:n]) == k.text[16:]
}
