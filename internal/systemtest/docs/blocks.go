// Package docs holds the pages of the project to what they show: every Go snippet compiles, and
// every command prints what stands below it.
//
// A page is README.md or a file of docs/. Its fenced blocks are read by their language:
//
//   - go: a whole file, declarations, or a fragment. See [Checker.Check].
//   - output: what the whole program in the go block above it prints.
//   - console: commands behind "$ ", and what they print. See [Runner.Run].
//
// Blocks in other languages are not looked at, but for sh, bash and shell, which are refused: what
// is to be typed is a console block.
package docs

import (
	"fmt"
	"strings"
)

// A Block is the text between two fences of a page.
type Block struct {
	Page     string
	Line     int // of its first line of text
	Language string
	Text     string
}

func (b Block) String() string { return fmt.Sprintf("%s:%d", b.Page, b.Line) }

// Blocks returns the fenced blocks of a page.
func Blocks(page, text string) ([]Block, error) {
	var blocks []Block
	var fence, indent string // of the block that is open
	var lines []string
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		trimmed := strings.TrimLeft(line, " ")
		ticks := trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, "`"))]
		switch {
		case fence == "" && len(ticks) >= 3:
			fence, indent, lines = ticks, line[:len(line)-len(trimmed)], nil
			language, _, _ := strings.Cut(strings.TrimSpace(trimmed[len(ticks):]), " ")
			blocks = append(blocks, Block{Page: page, Line: i + 2, Language: language})
		case fence == "":
		case strings.TrimSpace(line) == fence:
			blocks[len(blocks)-1].Text = strings.Join(lines, "\n") + "\n"
			fence = ""
		default:
			lines = append(lines, strings.TrimPrefix(line, indent))
		}
	}
	if fence != "" {
		return nil, fmt.Errorf("%s: the block does not end", blocks[len(blocks)-1])
	}
	return blocks, nil
}
