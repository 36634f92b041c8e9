package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/archive"
)

// What follows are the tables: a row for each kind of entry. The tags are the names of the columns,
// in Parquet, CSV and SQLite alike. What was not told is null.

type mediaRow struct {
	ID           string     `parquet:"id"`
	Type         string     `parquet:"type,dict"`
	ProductType  *string    `parquet:"media_product_type,optional,dict"`
	CreatedTime  *time.Time `parquet:"created_time,optional,timestamp(millisecond)"`
	UserID       *string    `parquet:"user_id,optional,dict"`
	Username     *string    `parquet:"username,optional,dict"`
	FullName     *string    `parquet:"full_name,optional,dict"`
	Caption      *string    `parquet:"caption,optional"`
	Tags         []string   `parquet:"tags,list"`
	Likes        int64      `parquet:"likes"`
	Comments     int64      `parquet:"comments"`
	Link         *string    `parquet:"link,optional"`
	Filter       *string    `parquet:"filter,optional,dict"`
	LocationID   *string    `parquet:"location_id,optional"`
	LocationName *string    `parquet:"location_name,optional"`
	Latitude     *float64   `parquet:"latitude,optional"`
	Longitude    *float64   `parquet:"longitude,optional"`
	ImageURL     *string    `parquet:"image_url,optional"`
	ImageWidth   int32      `parquet:"image_width"`
	ImageHeight  int32      `parquet:"image_height"`
	VideoURL     *string    `parquet:"video_url,optional"`
	Parts        int32      `parquet:"parts"`
	Files        []string   `parquet:"files,list"`
	Extra        *string    `parquet:"extra,optional"`
	Source       string     `parquet:"source,dict"`
	Offset       int64      `parquet:"source_offset"`
}

type commentRow struct {
	ID          string     `parquet:"id"`
	MediaID     *string    `parquet:"media_id,optional"`
	CreatedTime *time.Time `parquet:"created_time,optional,timestamp(millisecond)"`
	Text        string     `parquet:"text"`
	UserID      *string    `parquet:"user_id,optional"`
	Username    *string    `parquet:"username,optional"`
	FullName    *string    `parquet:"full_name,optional"`
	Extra       *string    `parquet:"extra,optional"`
	Source      string     `parquet:"source,dict"`
}

type userRow struct {
	ID             string  `parquet:"id"`
	Username       *string `parquet:"username,optional"`
	FullName       *string `parquet:"full_name,optional"`
	Bio            *string `parquet:"bio,optional"`
	Website        *string `parquet:"website,optional"`
	ProfilePicture *string `parquet:"profile_picture,optional"`
	Media          int64   `parquet:"media"`
	Follows        int64   `parquet:"follows"`
	FollowedBy     int64   `parquet:"followed_by"`
	Extra          *string `parquet:"extra,optional"`
	Source         string  `parquet:"source,dict"`
}

// relationRow is a follower, or somebody who is followed.
type relationRow struct {
	ID       string  `parquet:"id"`
	Username *string `parquet:"username,optional"`
	FullName *string `parquet:"full_name,optional"`
	Owner    *string `parquet:"owner,optional,dict"`
	Extra    *string `parquet:"extra,optional"`
	Source   string  `parquet:"source,dict"`
}

type likeRow struct {
	ID         string     `parquet:"id"` // of the media
	Link       *string    `parquet:"link,optional"`
	MediaOwner *string    `parquet:"media_owner,optional"`
	UserID     *string    `parquet:"user_id,optional"`
	Username   *string    `parquet:"username,optional"`
	Time       *time.Time `parquet:"time,optional,timestamp(millisecond)"`
	Source     string     `parquet:"source,dict"`
}

type tagRow struct {
	ID     string `parquet:"id"` // its name
	Media  int64  `parquet:"media_count"`
	Source string `parquet:"source,dict"`
}

type locationRow struct {
	ID        string  `parquet:"id"`
	Name      *string `parquet:"name,optional"`
	Latitude  float64 `parquet:"latitude"`
	Longitude float64 `parquet:"longitude"`
	Address   *string `parquet:"street_address,optional"`
	Source    string  `parquet:"source,dict"`
}

// tables are the kinds, in the order of the help, and the names of their tables.
var tables = []struct {
	kind archive.Kind
	name string
	row  any
}{
	{archive.KindMedia, "media", mediaRow{}},
	{archive.KindComment, "comments", commentRow{}},
	{archive.KindUser, "users", userRow{}},
	{archive.KindFollower, "followers", relationRow{}},
	{archive.KindFollow, "follows", relationRow{}},
	{archive.KindLike, "likes", likeRow{}},
	{archive.KindTag, "tags", tagRow{}},
	{archive.KindLocation, "locations", locationRow{}},
}

func kindNames() (names []string) {
	for _, t := range tables {
		names = append(names, string(t.kind))
	}
	return names
}

func isKind(name string) bool {
	for _, t := range tables {
		if string(t.kind) == name {
			return true
		}
	}
	return false
}

// rowOf makes a row of an entry.
func rowOf(e *archive.Entry) any {
	switch e.Kind {
	case archive.KindMedia:
		return newMediaRow(e)
	case archive.KindComment:
		c := e.Comment
		return commentRow{
			ID: c.ID, MediaID: told(e.MediaID), CreatedTime: moment(c.CreatedTime), Text: c.Text, UserID: told(c.From.ID),
			Username: told(c.From.Username), FullName: told(c.From.FullName), Extra: extra(c.Extra), Source: e.Source.File,
		}
	case archive.KindUser:
		u := e.User
		return userRow{
			ID: u.ID, Username: told(u.Username), FullName: told(u.FullName), Bio: told(u.Bio), Website: told(u.Website),
			ProfilePicture: told(u.ProfilePicture), Media: int64(u.Counts.Media), Follows: int64(u.Counts.Follows),
			FollowedBy: int64(u.Counts.FollowedBy), Extra: extra(u.Extra), Source: e.Source.File,
		}
	case archive.KindFollower:
		return newRelationRow(e.Follower, e)
	case archive.KindFollow:
		return newRelationRow(e.Follow, e)
	case archive.KindLike:
		l := e.Like
		return likeRow{
			ID: l.Media.ID, Link: told(l.Media.Link), MediaOwner: told(l.Media.User.Username), UserID: told(l.User.ID),
			Username: told(l.User.Username), Time: moment(l.Time), Source: e.Source.File,
		}
	case archive.KindTag:
		return tagRow{e.Tag.Name, int64(e.Tag.MediaCount), e.Source.File}
	default:
		l := e.Location
		return locationRow{l.ID, told(l.Name), l.Latitude, l.Longitude, told(l.StreetAddress), e.Source.File}
	}
}

func newMediaRow(e *archive.Entry) mediaRow {
	m := e.Media
	r := mediaRow{
		ID: m.ID, Type: string(m.Type), CreatedTime: moment(m.CreatedTime), UserID: told(m.User.ID), Username: told(m.User.Username),
		FullName: told(m.User.FullName), Tags: m.Tags, Likes: int64(m.Likes.Count), Comments: int64(m.Comments.Count),
		Link: told(m.Link), Filter: told(m.Filter), Parts: int32(max(len(m.CarouselMedia), 1)), Extra: extra(m.Extra),
		Source: e.Source.File, Offset: e.Source.Offset,
	}
	if m.Caption != nil {
		r.Caption = told(m.Caption.Text)
	}
	if l := m.Location; l != nil {
		r.LocationID, r.LocationName = told(l.ID), told(l.Name)
		if l.Latitude != 0 || l.Longitude != 0 {
			r.Latitude, r.Longitude = &l.Latitude, &l.Longitude
		}
	}
	image := m.Images.StandardResolution
	r.ImageURL, r.ImageWidth, r.ImageHeight = told(image.URL), int32(min(image.Width, 1<<30)), int32(min(image.Height, 1<<30))
	if m.Videos != nil {
		r.VideoURL = told(m.Videos.StandardResolution.URL)
	}
	for _, f := range e.Files {
		r.Files = append(r.Files, f.Name)
	}
	if raw, ok := m.Extra["media_product_type"]; ok {
		var kind string
		if json.Unmarshal(raw, &kind) == nil {
			r.ProductType = told(kind)
		}
	}
	return r
}

func newRelationRow(u *instagram.UserShortInfo, e *archive.Entry) relationRow {
	return relationRow{ID: u.ID, Username: told(u.Username), FullName: told(u.FullName), Owner: told(e.Owner), Extra: extra(u.Extra), Source: e.Source.File}
}

// told is a text, or null for none.
func told(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func extra(members map[string]json.RawMessage) *string {
	if len(members) == 0 {
		return nil
	}
	raw, err := json.Marshal(members)
	if err != nil {
		return nil
	}
	return told(string(raw))
}

// columns are the names of the columns of a row.
func columns(row any) (names []string) {
	for field := range reflect.TypeOf(row).Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("parquet"), ",")
		names = append(names, name)
	}
	return names
}

// values are the values of a row, for CSV and SQLite: lists are JSON, times ISO 8601.
func values(row any) []any {
	v := reflect.ValueOf(row)
	list := make([]any, v.NumField())
	for i := range list {
		switch value := v.Field(i).Interface().(type) {
		case *string:
			if value != nil {
				list[i] = *value
			}
		case *float64:
			if value != nil {
				list[i] = *value
			}
		case *time.Time:
			if value != nil {
				list[i] = value.UTC().Format(time.RFC3339)
			}
		case []string:
			if value == nil {
				value = []string{}
			}
			raw, err := json.Marshal(value)
			if err == nil { // a list of texts always encodes
				list[i] = string(raw)
			}
		default:
			list[i] = value
		}
	}
	return list
}
