package instagram

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"net/http"
	"strings"
	"time"

	"github.com/igv1/instagram/internal/bounded"
)

// receive answers a body of updates. Nothing of it is read as JSON before its signature is checked,
// nor anything at all without one.
func (h *Webhook) receive(w http.ResponseWriter, header http.Header, in *incomingBody) {
	signature, ok := parseSignature(header)
	if !ok {
		http.Error(w, "there is no signature", http.StatusForbidden)
		return
	}
	body, err := in.read(h.maxBody)
	switch {
	case errors.Is(err, ErrBodyTooLarge):
		http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "the body does not arrive", http.StatusBadRequest)
		return
	}
	defer body.Release()
	if !signature.of(body.Bytes(), h.secret.Reveal()) {
		http.Error(w, "the signature is wrong", http.StatusForbidden)
		return
	}
	updates, keys, err := h.decode(body.Bytes())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if !h.queue.Accept(updates, keys) {
		unavailable(w)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// A bodySignature is what a header says of a body: its HMAC with the secret of the app.
type bodySignature struct {
	hash func() hash.Hash
	sum  []byte
}

// parseSignature reads X-Hub-Signature-256, which is SHA-256, or where there is none
// X-Hub-Signature, which is SHA-1. Both are in hex, after the name of the hash or not.
func parseSignature(header http.Header) (bodySignature, bool) {
	s, text, name := bodySignature{hash: sha256.New}, header.Get("X-Hub-Signature-256"), "sha256="
	if text == "" {
		s, text, name = bodySignature{hash: sha1.New}, header.Get("X-Hub-Signature"), "sha1="
	}
	text = strings.TrimPrefix(text, name)
	if len(text) != hex.EncodedLen(s.hash().Size()) {
		return s, false
	}
	var err error
	s.sum, err = hex.DecodeString(text)
	return s, err == nil
}

// of reports whether it is the signature of a body.
func (s bodySignature) of(body []byte, secret string) bool {
	mac := hmac.New(s.hash, []byte(secret))
	mac.Write(body)
	return hmac.Equal(s.sum, mac.Sum(nil))
}

// bodyTimeout is the time for the body of a request. The server itself gives up after 2 s.
const bodyTimeout = 10 * time.Second

// An incomingBody is the body of a request, of which it is not known that it ever arrives.
type incomingBody struct {
	w       http.ResponseWriter
	r       *http.Request
	bounded bool // whether the connection ends a read in time
}

// incoming prepares for an answer that does not wait for the body. Without it, net/http would read
// what nobody has read, so that the connection can be used again, and would answer after that.
func incoming(w http.ResponseWriter, r *http.Request) *incomingBody {
	in := &incomingBody{w: w, r: r}
	if r.ContentLength == 0 {
		return in
	}
	if r.ProtoMajor == 1 {
		w.Header().Set("Connection", "close")
	}
	// A ReadTimeout counts from the start of the request. No deadline of here may come after it.
	var timeout time.Duration
	if server, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok {
		timeout = server.ReadTimeout
	}
	in.bounded = 0 < timeout && timeout <= bodyTimeout ||
		timeout <= 0 && in.setReadDeadline(time.Now().Add(bodyTimeout)) == nil
	return in
}

func (in *incomingBody) setReadDeadline(at time.Time) error {
	return http.NewResponseController(in.w).SetReadDeadline(at)
}

// read returns the body, in memory that grows with what arrives.
func (in *incomingBody) read(limit int64) (body *bounded.Buffer, err error) {
	switch {
	case in.r.ContentLength > limit:
		return nil, bounded.TooLarge(limit)
	case in.bounded:
		body, err = bounded.Read(in.r.Body, -1, limit)
	default:
		body, err = in.readInTime(limit)
	}
	if err == nil && in.r.ContentLength != 0 {
		in.w.Header().Del("Connection") // all of it is read
	}
	return body, err
}

// readInTime is read where the connection has no deadline, or a later one.
func (in *incomingBody) readInTime(limit int64) (*bounded.Buffer, error) {
	type result struct {
		body *bounded.Buffer
		err  error
	}
	done := make(chan result, 1)
	go func() {
		body, err := bounded.Read(in.r.Body, -1, limit)
		done <- result{body, err}
	}()
	timer := time.NewTimer(bodyTimeout)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.body, r.err
	case <-timer.C:
	}
	// Where this is not possible, net/http ends the read after the answer.
	if err := in.setReadDeadline(time.Now()); err != nil {
		return nil, err
	}
	r := <-done
	return r.body, r.err
}
