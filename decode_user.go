package instagram

func (u *UserInfo) decode(d *decoder) {
	for name := range d.members {
		switch string(name) {
		case "id":
			u.ID = d.string()
		case "username":
			u.Username = d.string()
		case "full_name":
			u.FullName = d.string()
		case "profile_picture":
			u.ProfilePicture = d.string()
		case "bio":
			u.Bio = d.string()
		case "website":
			u.Website = d.string()
		case "counts":
			u.Counts.decode(d)
		case "first_name":
			u.FirstName = optional(d, &u.Extra, "first_name", (*decoder).string)
		case "last_name":
			u.LastName = optional(d, &u.Extra, "last_name", (*decoder).string)
		case "type":
			u.Type = optional(d, &u.Extra, "type", (*decoder).string)
		case "is_business":
			u.IsBusiness = optional(d, &u.Extra, "is_business", (*decoder).bool)
		default:
			d.unknown(&u.Extra, name)
		}
	}
}

func (c *UserCounts) decode(d *decoder) {
	for name := range d.members {
		switch string(name) {
		case "media":
			c.Media = d.int()
		case "follows":
			c.Follows = d.int()
		case "followed_by":
			c.FollowedBy = d.int()
		default:
			d.unknown(&c.Extra, name)
		}
	}
}

func (u *UserShortInfo) decode(d *decoder) {
	for name := range d.members {
		switch string(name) {
		case "id":
			u.ID = d.string()
		case "username":
			u.Username = d.string()
		case "full_name":
			u.FullName = d.string()
		case "profile_picture":
			u.ProfilePicture = d.string()
		case "first_name":
			u.FirstName = optional(d, &u.Extra, "first_name", (*decoder).string)
		case "last_name":
			u.LastName = optional(d, &u.Extra, "last_name", (*decoder).string)
		case "type":
			u.Type = optional(d, &u.Extra, "type", (*decoder).string)
		case "bio":
			u.Bio = optional(d, &u.Extra, "bio", (*decoder).string)
		case "website":
			u.Website = optional(d, &u.Extra, "website", (*decoder).string)
		case "is_business":
			u.IsBusiness = optional(d, &u.Extra, "is_business", (*decoder).bool)
		default:
			d.unknown(&u.Extra, name)
		}
	}
}

func (r *RelationshipInfo) decode(d *decoder) {
	for name := range d.members {
		switch string(name) {
		case "outgoing_status":
			r.OutgoingStatus = OutgoingStatus(d.string())
		case "incoming_status":
			r.IncomingStatus = IncomingStatus(d.string())
		case "target_user_is_private":
			r.TargetUserIsPrivate = d.bool()
		default:
			d.unknown(&r.Extra, name)
		}
	}
}

func (r *RelationshipStatus) decode(d *decoder) {
	for name := range d.members {
		switch string(name) {
		case "outgoing_status":
			r.OutgoingStatus = OutgoingStatus(d.string())
		case "incoming_status":
			r.IncomingStatus = IncomingStatus(optional(d, &r.Extra, "incoming_status", (*decoder).string))
		case "target_user_is_private":
			r.TargetUserIsPrivate = optional(d, &r.Extra, "target_user_is_private", (*decoder).bool)
		default:
			d.unknown(&r.Extra, name)
		}
	}
}
