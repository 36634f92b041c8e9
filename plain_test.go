package instagram

import (
	"math/big"
	"strings"
	"time"
)

// The plain structs hold the members of the models for encoding/json to fill by reflection, as far
// as one generation goes.
type (
	plainPage struct {
		Meta struct {
			Code         int    `json:"code"`
			ErrorType    string `json:"error_type"`
			ErrorMessage string `json:"error_message"`
		} `json:"meta"`
		Pagination struct {
			NextURL   string `json:"next_url"`
			NextMaxID string `json:"next_max_id"`
		} `json:"pagination"`
		Data []*plainMedia `json:"data"`
	}
	plainMedia struct {
		ID           string              `json:"id"`
		Type         string              `json:"type"`
		User         plainUser           `json:"user"`
		Caption      *plainComment       `json:"caption"`
		Comments     plainComments       `json:"comments"`
		Likes        plainLikes          `json:"likes"`
		Images       plainImages         `json:"images"`
		Videos       *plainImages        `json:"videos"`
		Location     *plainLocation      `json:"location"`
		Link         string              `json:"link"`
		Filter       string              `json:"filter"`
		Tags         []string            `json:"tags"`
		CreatedTime  string              `json:"created_time"`
		UsersInPhoto []plainTagged       `json:"users_in_photo"`
		UserHasLiked bool                `json:"user_has_liked"`
		Attribution  *plainAttribution   `json:"attribution"`
		Distance     float64             `json:"distance"`
		Carousel     []plainCarouselPart `json:"carousel_media"`
	}
	plainCarouselPart struct {
		Type         string        `json:"type"`
		Images       plainImages   `json:"images"`
		Videos       *plainImages  `json:"videos"`
		UsersInPhoto []plainTagged `json:"users_in_photo"`
	}
	plainAttribution struct {
		Name      string `json:"name"`
		Website   string `json:"website"`
		ITunesURL string `json:"itunes_url"`
	}
	plainUser struct {
		ID             string `json:"id"`
		Username       string `json:"username"`
		FullName       string `json:"full_name"`
		ProfilePicture string `json:"profile_picture"`
		FirstName      string `json:"first_name"`
		LastName       string `json:"last_name"`
		Type           string `json:"type"`
		Bio            string `json:"bio"`
		Website        string `json:"website"`
		IsBusiness     bool   `json:"is_business"`
	}
	plainComment struct {
		ID          string    `json:"id"`
		CreatedTime string    `json:"created_time"`
		Text        string    `json:"text"`
		From        plainUser `json:"from"`
	}
	plainComments struct {
		Count int            `json:"count"`
		Data  []plainComment `json:"data"`
	}
	plainLikes struct {
		Count int         `json:"count"`
		Data  []plainUser `json:"data"`
	}
	plainImages struct {
		Thumbnail          plainImage `json:"thumbnail"`
		LowResolution      plainImage `json:"low_resolution"`
		StandardResolution plainImage `json:"standard_resolution"`
		HighResolution     plainImage `json:"high_resolution"`
		LowBandwidth       plainImage `json:"low_bandwidth"`
	}
	plainImage struct {
		URL    string `json:"url"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	}
	plainLocation struct {
		ID            string  `json:"id"`
		Name          string  `json:"name"`
		Latitude      float64 `json:"latitude"`
		Longitude     float64 `json:"longitude"`
		StreetAddress string  `json:"street_address"`
	}
	plainTagged struct {
		User     plainUser     `json:"user"`
		Position plainPosition `json:"position"`
	}
	plainPosition struct {
		X float64 `json:"x"`
		Y float64 `json:"y"`
	}
)

// newPlainMedia copies what a media holds in fields.
func newPlainMedia(m MediaEntry) plainMedia {
	return plainMedia{
		ID:           m.ID,
		Type:         string(m.Type),
		User:         newPlainUser(m.User),
		Caption:      optionally(m.Caption, func(c CaptionData) plainComment { return newPlainComment(CommentEntry(c)) }),
		Comments:     plainComments{m.Comments.Count, each(m.Comments.Data, newPlainComment)},
		Likes:        plainLikes{m.Likes.Count, each(m.Likes.Data, newPlainUser)},
		Images:       newPlainImages(m.Images),
		Videos:       optionally(m.Videos, newPlainVideos),
		Location:     optionally(m.Location, newPlainLocation),
		Link:         m.Link,
		Filter:       m.Filter,
		Tags:         m.Tags,
		CreatedTime:  newPlainTime(m.CreatedTime),
		UsersInPhoto: each(m.UsersInPhoto, newPlainTagged),
		UserHasLiked: m.UserHasLiked,
		Attribution:  optionally(m.Attribution, func(a Attribution) plainAttribution { return plainAttribution{a.Name, a.Website, a.ITunesURL} }),
		Distance:     m.Distance,
		Carousel: each(m.CarouselMedia, func(c CarouselMedia) plainCarouselPart {
			return plainCarouselPart{string(c.Type), newPlainImages(c.Images), optionally(c.Videos, newPlainVideos), each(c.UsersInPhoto, newPlainTagged)}
		}),
	}
}

func newPlainUser(u UserShortInfo) plainUser {
	return plainUser{u.ID, u.Username, u.FullName, u.ProfilePicture, u.FirstName, u.LastName, u.Type, u.Bio, u.Website, u.IsBusiness}
}

func newPlainComment(c CommentEntry) plainComment {
	return plainComment{c.ID, newPlainTime(c.CreatedTime), c.Text, newPlainUser(c.From)}
}

func newPlainTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	seconds := new(big.Rat).SetFrac64(int64(t.Nanosecond()), 1e9)
	seconds.Add(seconds, new(big.Rat).SetInt64(t.Unix()))
	return strings.TrimSuffix(strings.TrimRight(seconds.FloatString(9), "0"), ".")
}

func newPlainImage(i ImageInfo) plainImage { return plainImage{i.URL, i.Width, i.Height} }

func newPlainImages(i ImagesData) plainImages {
	return plainImages{
		Thumbnail:          newPlainImage(i.Thumbnail),
		LowResolution:      newPlainImage(i.LowResolution),
		StandardResolution: newPlainImage(i.StandardResolution),
		HighResolution:     newPlainImage(i.HighResolution),
		LowBandwidth:       newPlainImage(i.Sizes["low_bandwidth"]),
	}
}

func newPlainVideos(v VideosData) plainImages {
	return plainImages{
		Thumbnail:          newPlainImage(v.Sizes["thumbnail"]),
		LowResolution:      newPlainImage(v.LowResolution),
		StandardResolution: newPlainImage(v.StandardResolution),
		HighResolution:     newPlainImage(v.Sizes["high_resolution"]),
		LowBandwidth:       newPlainImage(v.LowBandwidth),
	}
}

func newPlainLocation(l LocationInfo) plainLocation {
	return plainLocation{l.ID, l.Name, l.Latitude, l.Longitude, l.StreetAddress}
}

func newPlainTagged(u UserInPhoto) plainTagged {
	return plainTagged{newPlainUser(u.User), plainPosition{u.Position.X, u.Position.Y}}
}

// each converts a list, and a nil one to nil.
func each[From, To any](list []From, convert func(From) To) []To {
	if list == nil {
		return nil
	}
	converted := make([]To, len(list))
	for i, element := range list {
		converted[i] = convert(element)
	}
	return converted
}

func optionally[From, To any](value *From, convert func(From) To) *To {
	if value == nil {
		return nil
	}
	converted := convert(*value)
	return &converted
}
