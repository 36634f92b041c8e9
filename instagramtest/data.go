package instagramtest

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/igv1/instagram/instagramtest/internal/recorded"
)

// WithData makes the server's world from recorded v1 answers instead of a seed: everything in the
// .json, .jsonl and .ndjson files of fsys, in whatever directories they are.
//
// A file holds answers or their data, of any generation: envelopes, arrays, single objects, one
// after the other or one a line, also inside other objects. Users, media, comments, likes, tags and
// places are known by their members, and keep their ids, names, times, texts and URLs. What is
// recorded more than once adds up; where it differs, the later counts, in the order of the files'
// paths. Counts that were recorded stay, even if not everything that they count was.
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
// If fsys comes from [os.DirFS], what clients write is saved to the file instagramtest.json in that
// directory, as [WithDataFile] does; any other fsys is only read, for example fs.Sub(os.DirFS("."),
// "testdata").
func WithData(fsys fs.FS) Option {
	return func(c *config) {
		c.data = func() (*recorded.Archive, error) {
			return recorded.Read(fsys, ".", recorded.SavedName, recorded.DirOf(fsys))
		}
	}
}

// WithDataFile is [WithData] with a file, whatever its name, or with a directory. What clients
// write and what is posted is saved: to the file, after what it holds, which stays as it is, or to
// the file instagramtest.json in the directory. A write that was answered with a success is on
// disk, and there when the server starts again, even if it was killed. The file is replaced as a
// whole, never written in place; nothing is written if another program has changed it meanwhile.
// [Server.Reset] takes back what was saved since the start.
func WithDataFile(name string) Option {
	return func(c *config) {
		c.data = func() (*recorded.Archive, error) {
			name, err := filepath.EvalSymlinks(name) // so that it is the file that is replaced, not a link to it
			if err != nil {
				return nil, err
			}
			info, err := os.Stat(name)
			if err != nil {
				return nil, err
			}
			if info.IsDir() {
				return recorded.Read(os.DirFS(name), ".", recorded.SavedName, filepath.Join(name, recorded.SavedName))
			}
			base := filepath.Base(name)
			return recorded.Read(os.DirFS(filepath.Dir(name)), base, base, name)
		}
	}
}
