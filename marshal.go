package instagram

// encoding/json, and all that works like it, comes to the same codec by these
// two methods of each model.

// unmarshal reads a model as its UnmarshalJSON. As is the custom, a null
// changes nothing.
func unmarshal[T any, P interface {
	*T
	decodable
}](data []byte, model P) error {
	d := newDecoder(data)
	if d.null() {
		d.end()
		return d.failure("", 0)
	}
	var value T
	P(&value).decode(d)
	d.end()
	if err := d.failure("", 0); err != nil {
		return err
	}
	*model = value
	return nil
}

// UnmarshalJSON reads every generation of the wire.
func (m *MediaEntry) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// MarshalJSON writes the canonical generation.
func (m MediaEntry) MarshalJSON() ([]byte, error) { return marshal(&m) }

// UnmarshalJSON reads every generation of the wire.
func (m *CarouselMedia) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// MarshalJSON writes the canonical generation.
func (m CarouselMedia) MarshalJSON() ([]byte, error) { return marshal(&m) }

// UnmarshalJSON reads every generation of the wire.
func (a *Attribution) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// MarshalJSON writes the canonical generation.
func (a Attribution) MarshalJSON() ([]byte, error) { return marshal(&a) }

// UnmarshalJSON reads every generation of the wire.
func (c *CaptionData) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// MarshalJSON writes the canonical generation.
func (c CaptionData) MarshalJSON() ([]byte, error) { return marshal(&c) }

// UnmarshalJSON reads every generation of the wire.
func (c *CommentEntry) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// MarshalJSON writes the canonical generation.
func (c CommentEntry) MarshalJSON() ([]byte, error) { return marshal(&c) }

// UnmarshalJSON reads every generation of the wire.
func (c *CommentsCollection) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// MarshalJSON writes the canonical generation.
func (c CommentsCollection) MarshalJSON() ([]byte, error) { return marshal(&c) }

// UnmarshalJSON reads every generation of the wire.
func (l *LikesCollection) UnmarshalJSON(data []byte) error { return unmarshal(data, l) }

// MarshalJSON writes the canonical generation.
func (l LikesCollection) MarshalJSON() ([]byte, error) { return marshal(&l) }

// UnmarshalJSON reads every generation of the wire.
func (i *ImagesData) UnmarshalJSON(data []byte) error { return unmarshal(data, i) }

// MarshalJSON writes the canonical generation.
func (i ImagesData) MarshalJSON() ([]byte, error) { return marshal(&i) }

// UnmarshalJSON reads every generation of the wire.
func (v *VideosData) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }

// MarshalJSON writes the canonical generation.
func (v VideosData) MarshalJSON() ([]byte, error) { return marshal(&v) }

// UnmarshalJSON reads every generation of the wire.
func (i *ImageInfo) UnmarshalJSON(data []byte) error { return unmarshal(data, i) }

// MarshalJSON writes the canonical generation.
func (i ImageInfo) MarshalJSON() ([]byte, error) { return marshal(&i) }

// UnmarshalJSON reads every generation of the wire.
func (l *LocationInfo) UnmarshalJSON(data []byte) error { return unmarshal(data, l) }

// MarshalJSON writes the canonical generation.
func (l LocationInfo) MarshalJSON() ([]byte, error) { return marshal(&l) }

// UnmarshalJSON reads every generation of the wire.
func (u *UserInPhoto) UnmarshalJSON(data []byte) error { return unmarshal(data, u) }

// MarshalJSON writes the canonical generation.
func (u UserInPhoto) MarshalJSON() ([]byte, error) { return marshal(&u) }

// UnmarshalJSON reads every generation of the wire.
func (p *Position) UnmarshalJSON(data []byte) error { return unmarshal(data, p) }

// MarshalJSON writes the canonical generation.
func (p Position) MarshalJSON() ([]byte, error) { return marshal(&p) }

// UnmarshalJSON reads every generation of the wire.
func (u *UserInfo) UnmarshalJSON(data []byte) error { return unmarshal(data, u) }

// MarshalJSON writes the canonical generation.
func (u UserInfo) MarshalJSON() ([]byte, error) { return marshal(&u) }

// UnmarshalJSON reads every generation of the wire.
func (c *UserCounts) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// MarshalJSON writes the canonical generation.
func (c UserCounts) MarshalJSON() ([]byte, error) { return marshal(&c) }

// UnmarshalJSON reads every generation of the wire.
func (u *UserShortInfo) UnmarshalJSON(data []byte) error { return unmarshal(data, u) }

// MarshalJSON writes the canonical generation.
func (u UserShortInfo) MarshalJSON() ([]byte, error) { return marshal(&u) }

// UnmarshalJSON reads every generation of the wire.
func (t *TagInfo) UnmarshalJSON(data []byte) error { return unmarshal(data, t) }

// MarshalJSON writes the canonical generation.
func (t TagInfo) MarshalJSON() ([]byte, error) { return marshal(&t) }

// UnmarshalJSON reads every generation of the wire.
func (r *RelationshipInfo) UnmarshalJSON(data []byte) error { return unmarshal(data, r) }

// MarshalJSON writes the canonical generation.
func (r RelationshipInfo) MarshalJSON() ([]byte, error) { return marshal(&r) }

// UnmarshalJSON reads every generation of the wire.
func (r *RelationshipStatus) UnmarshalJSON(data []byte) error { return unmarshal(data, r) }

// MarshalJSON writes the canonical generation.
func (r RelationshipStatus) MarshalJSON() ([]byte, error) { return marshal(&r) }

// UnmarshalJSON reads every generation of the wire.
func (m *MetaData) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// MarshalJSON writes the canonical generation.
func (m MetaData) MarshalJSON() ([]byte, error) { return marshal(&m) }

// UnmarshalJSON reads every generation of the wire.
func (p *Pagination) UnmarshalJSON(data []byte) error { return unmarshal(data, p) }

// MarshalJSON writes the canonical generation.
func (p Pagination) MarshalJSON() ([]byte, error) { return marshal(&p) }
