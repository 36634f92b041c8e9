package archive

import (
	"fmt"
	"net/http"
	"time"

	"github.com/igv1/instagram"
)

// An Item is an entry of an archive, and where it came from.
type Item[T any] struct {
	Value  *T
	Source Source

	// Files are the pictures and videos of the entry that the archive holds, in the order of the
	// parts of a media. Those that it names but does not hold are counted in the [Report].
	Files []*File

	// MediaID is of a comment or a like, the id of the media that it belongs to, where the
	// recording tells: in the path of the request or of the file, or in what was around it.
	MediaID string

	// Owner is the id or the name of the user whose list of followers or of follows it is, where
	// the recording tells.
	Owner string
}

// A Source is where an entry came from.
type Source struct {
	File   string // its path; in a zip, the path of the zip, a slash and the path inside; - for standard input
	Offset int64  // bytes before the recorded value in the text of the file, after decompression
	Format Format

	// What a recording of a test tool has kept of the call. The request is its method and its path
	// with the query, without any credentials.
	Request string
	Status  int         // 0 where it is not told
	Header  http.Header // of the answer
}

func (s Source) String() string { return fmt.Sprintf("%s (offset %d)", s.File, s.Offset) }

// A Like says that a user liked a media. The lists of v1 tell who liked a media, the exports of
// Instagram what the owner of the account liked, and whose it was.
type Like struct {
	User  instagram.UserShortInfo `json:"user"`          // who liked
	Media instagram.MediaEntry    `json:"media"`         // what was liked: its ID or its Link, and in exports its User
	Time  time.Time               `json:"time,omitzero"` // zero in v1, which does not tell
}

// A Kind tells the entries of an archive apart.
type Kind string

// The kinds of entries.
const (
	KindMedia    Kind = "media"
	KindComment  Kind = "comment"
	KindUser     Kind = "user"
	KindFollower Kind = "follower"
	KindFollow   Kind = "follow"
	KindLike     Kind = "like"
	KindTag      Kind = "tag"
	KindLocation Kind = "location"
)

// kinds are all of them, in the order of a report.
var kinds = []Kind{KindMedia, KindComment, KindUser, KindFollower, KindFollow, KindLike, KindTag, KindLocation}

// An Entry is one entry of any kind, as [Archive.All] yields them. One of its pointers is set, the
// one of its Kind.
type Entry struct {
	Kind Kind

	Media    *instagram.MediaEntry
	Comment  *instagram.CommentEntry
	User     *instagram.UserInfo
	Follower *instagram.UserShortInfo
	Follow   *instagram.UserShortInfo
	Like     *Like
	Tag      *instagram.TagInfo
	Location *instagram.LocationInfo

	// As in an [Item].
	Source  Source
	Files   []*File
	MediaID string
	Owner   string

	position position
	uris     []string // of the pictures that it names, until they are looked for
	inside   bool     // it stood in a media, and is counted with it
}

// A position is where an entry stands. No two have the same, but for what stands in a media.
type position struct {
	file   uint32
	sub    uint32 // among the entries of one value
	offset int64
}

// Time is when it was made, and zero where that is not told.
func (e *Entry) Time() time.Time {
	switch e.Kind {
	case KindMedia:
		return e.Media.CreatedTime
	case KindComment:
		return e.Comment.CreatedTime
	case KindLike:
		return e.Like.Time
	default:
		return time.Time{}
	}
}

// An Error is what could not be read, and where it stands. The cause may be an [*instagram.Error],
// the recorded answer to a call that failed, or an [*instagram.DecodeError].
type Error struct {
	Source Source
	Err    error
}

func (e *Error) Error() string { return fmt.Sprintf("archive: %s: %v", e.Source, e.Err) }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }
