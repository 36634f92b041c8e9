package instagramtest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/igv1/instagram/instagramtest/internal/recorded"
)

// WithData makes the server's world from recorded v1 answers instead of a seed: everything in the
// .json, .jsonl and .ndjson files of fsys, in whatever directories they are. Nothing is written
// there; see [WithSave].
//
// A file holds answers or their data, of any generation: envelopes, arrays, single objects, one
// after the other or one a line, also inside other objects. Users, media, comments, likes, tags and
// places are known by their members, and keep their ids, names, times, texts and URLs. What is
// recorded more than once adds up; where it differs, the later counts, in the order of the files'
// paths. Counts that were recorded stay as they were, however many were listed. Users that are
// known by their usernames alone get an id that is made from the username.
//
// What cannot be used is left out: [Server.Skipped] tells what and why.
//
// Whose follows, followers, requests, likes or comments a list is, no list says. It is taken from
// its next_url, or from a url beside it, or else from the path of the file, as in
// users/1574083/follows.json or media/657988443280050001_25025320/comments.json. Failing that, a
// file named after such a list of users is the main user's, and comments are left out.
//
// The main user, the first of [Server.Users], is the one whose access token the next_urls of the
// recordings carry or who is in a file named self.json; otherwise the one with the most media. The
// recorded tokens are not valid, though: everybody has a token as [Server.AccessToken] gives it.
//
// A url of an image or a video, or a profile_picture, may be the path of a file in fsys, from its
// root or from the directory of the recording. The server has these files under /files/, and its
// answers name them there. No other file of fsys can be asked for.
func WithData(fsys fs.FS) Option {
	return func(c *config) {
		c.data = func() (*recorded.Archive, error) { return recorded.Read(fsys, ".") }
	}
}

// WithDataFile is [WithData] with a file, whatever its name, or with a directory.
func WithDataFile(name string) Option {
	return func(c *config) {
		c.data = func() (*recorded.Archive, error) {
			info, err := os.Stat(name)
			if err != nil {
				return nil, fmt.Errorf("WithDataFile: %w", err)
			}
			if info.IsDir() {
				return recorded.Read(os.DirFS(name), ".")
			}
			return recorded.Read(os.DirFS(filepath.Dir(name)), filepath.Base(name))
		}
	}
}

// WithStrictData makes an error of the first thing in the recordings that cannot be used, instead
// of leaving it out.
func WithStrictData() Option { return func(c *config) { c.strict = true } }

// WithSave saves what clients write to a world of recorded data, and what is posted to it, to a
// file of its own; without it, all of that ends with the server. The file need not be there. If it
// is, it must be one that was saved to before: the world begins with what it holds, and any other
// file is not touched.
//
// A write that was answered with a success is on disk, and there when the server starts again, even
// if it was killed. The file is replaced as a whole, never written in place; nothing is written if
// another program has changed it meanwhile. [Server.Reset] takes back what was saved since the
// start.
func WithSave(name string) Option { return func(c *config) { c.save = name } }

// Skipped is something in recorded data that could not be used.
type Skipped struct {
	File   string // its path
	Line   int    // where the value begins that could not be used, from 1; 0 for a whole file
	Reason string
}

// String is the place and the reason, in one line.
func (s Skipped) String() string { return recorded.Skipped(s).String() }

// Skipped is what could not be used of the recorded data, in the order of the files' paths.
func (s *Server) Skipped() []Skipped {
	loaded := s.loaded.Load()
	if loaded == nil {
		return nil
	}
	skipped := make([]Skipped, 0, len(loaded.Skipped))
	for _, each := range loaded.Skipped {
		skipped = append(skipped, Skipped(each))
	}
	return skipped
}
