package archive

import (
	"errors"
	"io"
	"path"
	"strings"
)

// find returns the file of the archive that an export means by a uri, which is relative to its top;
// the top may be in any folder, and the file in another zip than the one who names it. What leads
// out of the export is nowhere.
func (s *source) find(from *File, uri string) *File {
	if !isLocal(uri) {
		return nil
	}
	uri = path.Clean(uri)
	for dir := path.Dir(from.Name); ; dir = path.Dir(dir) {
		if f := s.byName[path.Join(dir, uri)]; f != nil && f != from {
			return f
		}
		if dir == path.Dir(dir) {
			break
		}
	}
	var best *File
	score := -1
	candidates := s.byStem[stemOf(uri)]
	for _, f := range candidates[:min(len(candidates), maxCandidates)] {
		n := commonPrefix(f.Name, from.Name)
		switch {
		case f.Name == uri || strings.HasSuffix(f.Name, "/"+uri):
			n += 1 << 20
		case path.Ext(f.Name) != "" && path.Ext(uri) != "" || f == from:
			continue // of another kind
		case !strings.HasSuffix("/"+withoutExt(f.Name), "/"+withoutExt(uri)):
			continue
		}
		if n > score {
			best, score = f, n
		}
	}
	return best
}

// isLocal says whether a uri is one of an export: relative, and not upwards.
func isLocal(uri string) bool {
	if uri == "" || len(uri) > 1024 || uri[0] == '/' || strings.ContainsAny(uri, "\\:\x00") {
		return false
	}
	for element := range strings.SplitSeq(uri, "/") {
		if element == ".." {
			return false
		}
	}
	return true
}

func withoutExt(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

var errTooLong = errors.New("it is too long")

// appendAll reads r to its end.
func appendAll(b []byte, r io.Reader, bound int) ([]byte, error) {
	more, err := io.ReadAll(io.LimitReader(r, int64(bound)+1))
	if err == nil && len(more) > bound {
		err = errTooLong
	}
	return append(b, more...), err
}

// maxCandidates bounds the files of one name, in folders of one name, that a picture is looked for
// among.
const maxCandidates = 4096
