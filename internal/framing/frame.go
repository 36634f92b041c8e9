package framing

import (
	"bytes"
	"strconv"
	"strings"
)

// maxHeader bounds what is kept of a header. An answer with a longer one is left to net/http, which
// refuses it.
const maxHeader = 128 << 10

// A frame finds the end of one answer. What it does not understand it takes for an answer that ends
// with the connection.
type frame struct {
	header []byte // as far as it was read; empty behind it
	next   func(f *frame, p []byte) (used int, done bool)
	left   int64  // bytes of the body, or of a chunk
	line   []byte // a line between chunks, as far as it was read
}

// read takes in more bytes of an answer. It returns how many of them belong to it, and whether the
// answer is over.
func (f *frame) read(p []byte) (used int, done bool) {
	if f.next == nil {
		f.next = (*frame).readHeader
	}
	for used < len(p) && !done {
		var n int
		n, done = f.next(f, p[used:])
		used += n
	}
	return used, done
}

func (f *frame) readHeader(p []byte) (used int, done bool) {
	before := len(f.header)
	f.header = append(f.header, p...)
	end := headerEnd(f.header)
	if end < 0 {
		if len(f.header) > maxHeader {
			f.next = (*frame).readAll
		}
		return len(p), false
	}
	done = f.judge(f.header[:end])
	f.header = f.header[:0]
	return end - before, done
}

// headerEnd returns where the header ends that b begins with, behind its empty line, or -1.
func headerEnd(b []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			return -1
		}
		at += i + 1
		switch {
		case bytes.HasPrefix(b[at:], []byte("\n")):
			return at + 1
		case bytes.HasPrefix(b[at:], []byte("\r\n")):
			return at + 2
		}
	}
}

// judge finds out what follows a header, and reports whether that is nothing.
func (f *frame) judge(header []byte) (done bool) {
	statusLine, fields, _ := bytes.Cut(header, []byte("\n"))
	_, status, _ := bytes.Cut(statusLine, []byte(" "))
	f.next = (*frame).readAll
	switch {
	case bytes.HasPrefix(status, []byte("101")):
		return false
	case bytes.HasPrefix(status, []byte("1")): // another header follows
		f.next = (*frame).readHeader
		return false
	case bytes.HasPrefix(status, []byte("204")), bytes.HasPrefix(status, []byte("304")):
		return true
	}
	length := int64(-1)
	for line := range bytes.SplitSeq(fields, []byte("\n")) {
		name, value, _ := bytes.Cut(line, []byte(":"))
		name, value = bytes.TrimSpace(name), bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			if bytes.EqualFold(value, []byte("chunked")) {
				f.next = (*frame).readChunkSize
			}
			return false
		case bytes.EqualFold(name, []byte("Content-Length")):
			if n, err := strconv.ParseInt(string(value), 10, 64); err == nil && n >= 0 {
				length = n
			}
		}
	}
	if length > 0 {
		f.left, f.next = length, (*frame).readBody
	}
	return length == 0
}

// readAll is for an answer that ends with the connection.
func (f *frame) readAll(p []byte) (used int, done bool) { return len(p), false }

func (f *frame) readBody(p []byte) (used int, done bool) {
	n := min(int64(len(p)), f.left)
	f.left -= n
	return int(n), f.left == 0
}

func (f *frame) readChunkSize(p []byte) (used int, done bool) {
	used, line, whole := f.readLine(p)
	if !whole {
		return used, false
	}
	digits, _, _ := strings.Cut(line, ";")
	size, err := strconv.ParseInt(strings.TrimSpace(digits), 16, 64)
	switch {
	case err != nil || size < 0:
		f.next = (*frame).readAll
	case size == 0:
		f.next = (*frame).readTrailer
	default:
		f.left, f.next = size, (*frame).readChunk
	}
	return used, false
}

func (f *frame) readChunk(p []byte) (used int, done bool) {
	used, done = f.readBody(p)
	if done {
		f.next = (*frame).readChunkEnd
	}
	return used, false
}

func (f *frame) readChunkEnd(p []byte) (used int, done bool) {
	used, _, whole := f.readLine(p)
	if whole {
		f.next = (*frame).readChunkSize
	}
	return used, false
}

func (f *frame) readTrailer(p []byte) (used int, done bool) {
	used, line, whole := f.readLine(p)
	return used, whole && line == ""
}

// readLine collects a line. It is whole once its line feed was read.
func (f *frame) readLine(p []byte) (used int, line string, whole bool) {
	i := bytes.IndexByte(p, '\n')
	if i < 0 {
		if f.line = append(f.line, p...); len(f.line) > maxHeader {
			f.next = (*frame).readAll
		}
		return len(p), "", false
	}
	line = strings.TrimSuffix(string(append(f.line, p[:i]...)), "\r")
	f.line = f.line[:0]
	return i + 1, line, true
}
