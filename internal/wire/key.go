package wire

import "encoding/binary"

// A key is what comes before the value of a row where there is no white space: ,"name": with a
// brace for the comma if it is the first. It is compared and written as three words of eight bytes,
// and what is behind them. The zero value is for rows without a name.
type key struct {
	text  string
	words [3]uint64
	masks [3]uint64 // of the bytes that are compared: all but the comma
}

func newKey(name string) key {
	k := key{text: `,"` + name + `":`}
	for i := range min(len(k.text), keyWords) {
		k.words[i/8] |= uint64(k.text[i]) << (i % 8 * 8)
		k.masks[i/8] |= 0xff << (i % 8 * 8)
	}
	k.masks[0] &^= 0xff
	return k
}

// keyWords is the length of the words, in bytes.
const keyWords = 24

// begins reports whether b begins with the key, whatever its first byte is. Where b is shorter than
// the words it may not see it.
func (k *key) begins(b []byte) bool {
	if len(b) < keyWords {
		return false
	}
	differ := (binary.LittleEndian.Uint64(b)^k.words[0])&k.masks[0] |
		(binary.LittleEndian.Uint64(b[8:])^k.words[1])&k.masks[1] |
		(binary.LittleEndian.Uint64(b[16:])^k.words[2])&k.masks[2]
	if differ != 0 || k.text == "" {
		return false
	}
	n := len(k.text)
	return n <= keyWords || len(b) >= n && string(b[keyWords:n]) == k.text[keyWords:]
}

// copyTo writes the key, or more, and returns its length.
func (k *key) copyTo(b []byte) int {
	_ = b[keyWords-1]
	binary.LittleEndian.PutUint64(b, k.words[0])
	binary.LittleEndian.PutUint64(b[8:], k.words[1])
	binary.LittleEndian.PutUint64(b[16:], k.words[2])
	if len(k.text) > keyWords {
		copy(b[keyWords:], k.text[keyWords:])
	}
	return len(k.text)
}
