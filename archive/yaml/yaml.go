// Package yaml lets package archive read cassettes in YAML: those of VCR, vcrpy, betamax, php-vcr
// and go-vcr. It is imported for that alone:
//
//	import _ "github.com/igv1/instagram/archive/yaml"
package yaml

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/igv1/instagram/archive"
)

func init() {
	archive.Register(archive.Encoding{Name: "yaml", Match: isYAML, Decode: decode})
}

const (
	maxText  = 64 << 20 // of a file: YAML is held whole
	maxNodes = 1 << 20  // of a file, with those that aliases stand for
	maxDepth = 100
)

// starts are how the cassettes begin, after a --- or without it. Other YAML is left alone.
var starts = []string{"http_interactions:", "interactions:", "version:", "recorded_with:", "recorded_at:", "- request:", "-\n    request:", "-\n  request:", "- !ruby/struct:VCR"}

func isYAML(head []byte) bool {
	text := strings.TrimPrefix(string(head), "\uFEFF")
	for text != "" {
		line, rest, _ := strings.Cut(text, "\n")
		line = strings.TrimRight(line, "\r ")
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "%") {
			text = rest
			continue
		}
		if after, ok := strings.CutPrefix(text, "---"); ok {
			text = strings.TrimLeft(after, " \r\n")
		}
		for _, start := range starts {
			if strings.HasPrefix(strings.ReplaceAll(text, "\r", ""), start) {
				return true
			}
		}
		return false
	}
	return false
}

// decode makes JSON of the documents in a file.
func decode(r io.Reader) (io.Reader, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxText {
		return nil, fmt.Errorf("a file of over %d MiB", maxText>>20)
	}
	var out bytes.Buffer
	d := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var node yaml.Node
		if err := d.Decode(&node); errors.Is(err, io.EOF) {
			return &out, nil
		} else if err != nil {
			return nil, err
		}
		w := writer{out: &out}
		if err := w.node(&node, 0); err != nil {
			return nil, err
		}
		out.WriteByte('\n')
	}
}

// A writer writes nodes as JSON. Types that programs made up, such as Ruby's, are left out: only
// the form counts.
type writer struct {
	out   *bytes.Buffer
	nodes int
}

func (w *writer) node(n *yaml.Node, depth int) error {
	if w.nodes++; w.nodes > maxNodes || depth > maxDepth || w.out.Len() > 4*maxText {
		return errors.New("too large, or too deep")
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return w.node(n.Content[0], depth)
	case yaml.AliasNode:
		return w.node(n.Alias, depth+1)
	case yaml.SequenceNode:
		w.out.WriteByte('[')
		for i, element := range n.Content {
			if i > 0 {
				w.out.WriteByte(',')
			}
			if err := w.node(element, depth+1); err != nil {
				return err
			}
		}
		w.out.WriteByte(']')
	case yaml.MappingNode:
		w.out.WriteByte('{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				w.out.WriteByte(',')
			}
			w.string(strings.TrimPrefix(n.Content[i].Value, ":")) // Ruby's symbols
			w.out.WriteByte(':')
			if err := w.node(n.Content[i+1], depth+1); err != nil {
				return err
			}
		}
		w.out.WriteByte('}')
	default:
		w.scalar(n)
	}
	return nil
}

func (w *writer) scalar(n *yaml.Node) {
	switch tag := n.ShortTag(); {
	case tag == "!!null":
		w.out.WriteString("null")
	case tag == "!!binary", tag == "!binary": // the second is of Ruby
		text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.Value), ""))
		if err != nil {
			w.string(n.Value)
			return
		}
		w.binary(text)
	case (tag == "!!int" || tag == "!!float" || tag == "!!bool") && json.Valid([]byte(n.Value)):
		w.out.WriteString(n.Value)
	default:
		w.string(n.Value)
	}
}

// binary writes bytes. What is compressed is no text: it stays in base64, as betamax has it.
func (w *writer) binary(b []byte) {
	if !bytes.HasPrefix(b, []byte("\x1f\x8b")) && !bytes.HasPrefix(b, []byte("\x78")) {
		w.string(string(b))
		return
	}
	w.out.WriteString(`{"base64_string":`)
	w.string(base64.StdEncoding.EncodeToString(b))
	w.out.WriteByte('}')
}

func (w *writer) string(s string) {
	text, err := json.Marshal(s)
	if err != nil { // a string always encodes
		text = []byte(`""`)
	}
	w.out.Write(text)
}
