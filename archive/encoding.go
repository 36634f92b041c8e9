package archive

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// An Encoding is something that JSON comes in: compressed, or as another notation of the same.
// Packages that know one register it when they are imported.
type Encoding struct {
	Name string

	// Match says whether a file is in the encoding by how it begins: its first 4096 bytes, or all
	// of it.
	Match func(head []byte) bool

	// Decode returns the JSON, or what Match knows in its turn. It reads no more of the file than
	// it is asked for, as far as the encoding lets it, and what it holds is bounded.
	Decode func(io.Reader) (io.Reader, error)
}

var (
	encodingsMu sync.RWMutex
	encodings   = []Encoding{{
		Name:   "gzip",
		Match:  func(head []byte) bool { return bytes.HasPrefix(head, []byte("\x1f\x8b")) },
		Decode: func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	}, {
		Name: "bzip2",
		Match: func(head []byte) bool {
			return bytes.HasPrefix(head, []byte("BZh")) && bytes.HasPrefix(head[min(4, len(head)):], []byte("1AY&SY"))
		},
		Decode: func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil },
	}, {
		Name:   "utf-16",
		Match:  func(head []byte) bool { return orderOf(head) != nil },
		Decode: newUTF16Reader,
	}}
)

// Register makes files in an encoding readable. It is to be called from init.
func Register(e Encoding) {
	encodingsMu.Lock()
	defer encodingsMu.Unlock()
	encodings = append(encodings, e)
}

func encodingOf(head []byte) (Encoding, bool) {
	encodingsMu.RLock()
	defer encodingsMu.RUnlock()
	i := slices.IndexFunc(encodings, func(e Encoding) bool { return e.Match(head) })
	if i < 0 {
		return Encoding{}, false
	}
	return encodings[i], true
}

const (
	headSize     = 4096
	maxEncodings = 3 // of one file, in one another
)

// A notReadError is why a file is not read, though nothing is wrong with it.
type notReadError string

func (e notReadError) Error() string { return string(e) }

// decoded returns the JSON in a file, and how much of the text is before it.
func decoded(r io.Reader, name string) (text io.Reader, skipped int, err error) {
	for range maxEncodings + 1 {
		in := bufio.NewReaderSize(r, 4*headSize)
		head, err := in.Peek(headSize)
		if err != nil && len(head) == 0 && err != io.EOF { //nolint:errorlint // a Reader's end is io.EOF itself
			return nil, 0, err
		}
		if e, ok := encodingOf(head); ok {
			compressed := &counting{Reader: in}
			text, err := e.Decode(compressed)
			if err != nil {
				return nil, 0, fmt.Errorf("%s: %w", e.Name, err)
			}
			r = &bounded{Reader: text, compressed: compressed}
			continue
		}
		skip, err := startOfJSON(head, name)
		if errors.Is(err, errHTML) {
			text, err = dataOfPage(in)
			return text, 0, err
		}
		if err != nil {
			return nil, 0, err
		}
		_, _ = in.Discard(skip) // they have been peeked at
		return in, skip, nil
	}
	return nil, 0, notReadError(fmt.Sprintf("compressed more than %d times", maxEncodings))
}

// jsonp is the start of an answer that was asked for with a callback.
var jsonp = regexp.MustCompile(`^(?:/\*\*/\s*)?[A-Za-z_$][\w$.\[\]]{0,100}\s*\(\s*` + beginsJSON)

// beginsJSON is how an object or a list begins in JSON, but seldom in a script.
const beginsJSON = `(?:\{\s*["}]|\[\s*[\]{])`

// startOfJSON returns where in the head of a file its JSON begins.
func startOfJSON(head []byte, name string) (int, error) {
	mark := len(head) - len(bytes.TrimPrefix(head, []byte("\uFEFF")))
	i := skipSpace(head, mark)
	rest := head[i:]
	switch {
	case len(rest) == 0:
		return 0, notReadError("it is empty")
	case rest[0] == '{', rest[0] == '[':
		return mark, nil
	case bytes.HasPrefix(rest, []byte("HTTP/")): // an answer with its headers, as curl -i writes it
		if at := endOfHeader(rest); at > 0 {
			return i + at, nil
		}
	case jsonp.Match(rest):
		return i + bytes.IndexByte(rest, '(') + 1, nil
	case assignment.Match(rest):
		return i + bytes.IndexByte(rest, '=') + 1, nil
	case isZip(head):
		return 0, errors.New("a zip in another file: unpack that first")
	case packing(head) != "":
		return 0, fmt.Errorf("%s: unpack it first", packing(head))
	case isHTML(rest):
		return 0, errHTML
	case looksLikeYAML(rest):
		return 0, notReadError("YAML: it needs the package archive/yaml")
	case bytes.HasPrefix(rest, []byte("\xfd7zXZ")):
		return 0, notReadError("xz: it needs the package archive/xz")
	case namesTable(name):
		return 0, notReadError("a table: give the JSON that it was made of")
	case bytes.HasPrefix(rest, []byte("\x00\x05\x16\x07")): // what macOS keeps beside a file
	case namesJSON(name) && utf8.Valid(rest[:min(len(rest), 16)]):
		return mark, nil // its first line is broken
	}
	return 0, errNoText
}

// endOfHeader returns where the body of an answer begins, if that is JSON.
func endOfHeader(text []byte) int {
	for _, line := range []string{"\r\n\r\n", "\n\n"} {
		if at := bytes.Index(text, []byte(line)); at > 0 {
			at += len(line)
			if body := bytes.TrimLeft(text[at:], " \r\n\t"); len(body) > 0 && (body[0] == '{' || body[0] == '[') {
				return at
			}
		}
	}
	return 0
}

// packing names what files may be packed in that is not read.
func packing(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("Rar!\x1a\x07")):
		return "a rar"
	case bytes.HasPrefix(head, []byte("7z\xbc\xaf\x27\x1c")):
		return "a 7z"
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return "zstd"
	case len(head) > 262 && string(head[257:262]) == "ustar":
		return "a tar"
	}
	return ""
}

// errNoText is of files that nobody takes for JSON.
var errNoText = notReadError("not JSON")

func isHTML(text []byte) bool {
	text = bytes.ToLower(text[:min(len(text), 64)])
	return bytes.HasPrefix(text, []byte("<!doctype html")) || bytes.HasPrefix(text, []byte("<html"))
}

func looksLikeYAML(text []byte) bool {
	return bytes.HasPrefix(text, []byte("---")) || bytes.Contains(text, []byte("interactions:\n"))
}

func namesTable(name string) bool {
	return slices.Contains([]string{".csv", ".tsv"}, path.Ext(strings.ToLower(name)))
}

func namesJSON(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	return slices.Contains([]string{".json", ".jsonl", ".ndjson", ".har"}, path.Ext(name))
}
