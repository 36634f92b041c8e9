// Package archive writes what a harvest reads: JSON Lines, a file a list, each media in it once,
// whatever is killed or stands still, and whoever goes on.
//
// A list that is being read has a directory for its owner alone, named after the list and the
// owner's epoch. Each page is a line of a file there, synced before the next page is asked for.
// Whoever takes the list over does so with a higher epoch: it copies what is there into a directory
// of its own, and removes the other. From then on the former owner, which may only stand still,
// finds nothing where it wants to write: its file has no name any more, and the rename that would
// end its work fails. No lock is needed, and no look at a clock.
//
// All workers of a harvest have to see the same directory, on one machine or by a network file
// system.
package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// A Kind is what a list belongs to. It is also the directory with their files.
type Kind string

// The kinds of lists.
const (
	Users     Kind = "users"
	Tags      Kind = "tags"
	Locations Kind = "locations"
)

// A List is the media of one account, tag or place.
type List struct {
	Kind Kind   `json:"kind"`
	Name string `json:"name"` // the id of a user or place, or a tag without its #
}

func (l List) String() string { return string(l.Kind) + "/" + l.Name }

// Check refuses what is none of the lists above, so that nothing that comes from elsewhere names a
// directory.
func (l List) Check() error {
	switch l.Kind {
	case Users, Tags, Locations:
		if l.Name != "" {
			return nil
		}
	}
	return fmt.Errorf("%q is no list", l.String())
}

// Key names the list in a file system, and in a subject or key of NATS.
func (l List) Key() string {
	if plain.MatchString(l.Name) {
		return l.Name
	}
	sum := sha256.Sum256([]byte(l.Name))
	return "x-" + hex.EncodeToString(sum[:16])
}

var plain = regexp.MustCompile(`^[0-9a-z_][0-9a-z_-]{0,79}$`)

// An Archive is the directory of a harvest.
type Archive struct{ dir string }

const (
	workDir  = "work" // in MetaDir, the lists that are being read
	identity = "id"   // in MetaDir, what tells one archive from another
)

// MetaDir is in the directory of an archive, and none of it.
const MetaDir = ".igharvest"

// Open opens the archive in a directory, which is made if need be.
func Open(dir string) (*Archive, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	for _, sub := range []string{filepath.Join(MetaDir, workDir), string(Users), string(Tags), string(Locations)} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return nil, err
		}
	}
	return &Archive{dir}, nil
}

// Dir is where the archive is.
func (a *Archive) Dir() string { return a.dir }

// Meta is where programs keep what belongs to the archive and is none of it.
func (a *Archive) Meta(name string) string { return filepath.Join(a.dir, MetaDir, name) }

// Identify returns what tells this archive from another one, whoever sees it from wherever. The
// first call writes the given identity.
func (a *Archive) Identify(otherwise string) (string, error) {
	name := a.Meta(identity)
	temp, err := os.CreateTemp(filepath.Dir(name), identity+"-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(temp.Name())
	_, err = temp.WriteString(otherwise)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return "", err
	}
	if err := os.Link(temp.Name(), name); err != nil && !errors.Is(err, fs.ErrExist) { // the first one wins
		return "", err
	}
	text, err := os.ReadFile(name)
	return string(text), err
}

// File is where a list is, or will be when it has been read. There are at most 256 directories, so
// that none has too many files.
func (a *Archive) File(l List) string {
	sum := sha256.Sum256([]byte(l.Key()))
	return filepath.Join(a.dir, string(l.Kind), hex.EncodeToString(sum[:1]), l.Key()+".jsonl")
}

// An Epoch orders the owners of a list. A store numbers them; one that was lost and made anew
// starts over, so its name is part of them.
type Epoch struct {
	Store  string
	Number uint64
}

func (e Epoch) String() string { return fmt.Sprintf("%s-%020d", e.Store, e.Number) }

// before reports whether another epoch is later. One of another store is not: that store is gone.
func (e Epoch) before(other Epoch) bool { return e.Store == other.Store && e.Number < other.Number }

var epochs = regexp.MustCompile(`^([0-9A-Za-z]{1,40})-([0-9]{20})$`)

func parseEpoch(s string) (e Epoch, ok bool) {
	m := epochs.FindStringSubmatch(s)
	if m == nil {
		return e, false
	}
	_, err := fmt.Sscanf(m[2], "%d", &e.Number)
	e.Store = m[1]
	return e, err == nil
}

// ErrSuperseded says that somebody else has taken the list over.
var ErrSuperseded = errors.New("somebody else has taken the list over")

// superseded tells an owner whose directory is gone from one whose disk fails.
func superseded(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w (%w)", ErrSuperseded, err)
	}
	return err
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// mediaID is the id of a line, which may be a number.
func mediaID(line []byte) (string, error) {
	var m struct{ ID json.RawMessage }
	if err := json.Unmarshal(line, &m); err != nil {
		return "", err
	}
	var id string
	if json.Unmarshal(m.ID, &id) != nil {
		id = string(m.ID)
	}
	if id == "" {
		return "", errors.New("a media has no id")
	}
	return id, nil
}
