package tokens

import (
	"strings"

	"github.com/igv1/instagram/internal/wire"
)

// An Answer is what a token endpoint of the Graph says of a token.
type Answer struct {
	AccessToken string
	TokenType   string
	ExpiresIn   int64 // seconds; 0 where it does not say
	UserID      string
	Permissions []string
}

// maxLife is what an absurd expires_in is taken for, in seconds: ten years.
const maxLife = 10 * 365 * 24 * 3600

// ReadAnswer reads an answer. The documentation shows one within the list data.
func ReadAnswer(body []byte) (*Answer, *wire.Error) {
	a := new(Answer)
	err := wire.ReadWhole("", body, func(d *wire.Decoder) {
		for name := range d.Members {
			if string(name) != "data" {
				a.member(d, name)
				continue
			}
			for range d.Elements {
				for name := range d.Members {
					a.member(d, name)
				}
			}
		}
	})
	return a, err
}

func (a *Answer) member(d *wire.Decoder, name []byte) {
	switch string(name) {
	case "access_token":
		a.AccessToken = d.String()
	case "token_type":
		a.TokenType = d.String()
	case "expires_in":
		a.ExpiresIn = int64(min(max(d.Int(), 0), maxLife))
	case "user_id":
		a.UserID = d.String()
	case "permissions":
		a.Permissions = append(a.Permissions, permissions(d)...)
	default:
		d.Skip()
	}
}

// permissions reads a list, or a text with commas.
func permissions(d *wire.Decoder) (scopes []string) {
	if d.Peek() == '[' {
		for range d.Elements {
			scopes = append(scopes, d.String())
		}
		return scopes
	}
	for scope := range strings.SplitSeq(d.String(), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}
