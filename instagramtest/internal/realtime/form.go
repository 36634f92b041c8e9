package realtime

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
)

// Form is how an API sends its updates.
type Form struct {
	Challenge func() string                 // to be sent back by a callback, each time another
	Body      func(updates [][]byte) []byte // several updates in one
	Header    string                        // that has the signature
	Sign      func(secret string, body []byte) (signature string)
}

// V1 is how the v1 API sends updates: as an array.
var V1 = Form{
	Challenge: func() string { return strings.ToLower(rand.Text()) },
	Body:      array,
	Header:    "X-Hub-Signature",
	Sign:      func(secret string, body []byte) string { return sign(sha1.New, secret, body) },
}

// Graph is how the Graph API sends them: as the entries of one notification.
var Graph = Form{
	Challenge: func() string { // a number: there are programs that read it as one
		var b [4]byte
		rand.Read(b[:]) // it never fails
		return fmt.Sprint(binary.BigEndian.Uint32(b[:]))
	},
	Body: func(updates [][]byte) []byte {
		return slices.Concat([]byte(`{"object":"instagram","entry":`), array(updates), []byte{'}'})
	},
	Header: "X-Hub-Signature-256",
	Sign:   func(secret string, body []byte) string { return "sha256=" + sign(sha256.New, secret, body) },
}

func array(items [][]byte) []byte {
	return slices.Concat([]byte{'['}, bytes.Join(items, []byte{','}), []byte{']'})
}

func sign(hash func() hash.Hash, secret string, body []byte) string {
	mac := hmac.New(hash, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
