package instagramtest

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/params"
)

// draft is an answer before it is sent.
type draft struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (d *draft) Header() http.Header { return d.header }

func (d *draft) WriteHeader(status int) {
	if d.status == 0 {
		d.status = status
	}
}

func (d *draft) Write(b []byte) (int, error) {
	d.WriteHeader(http.StatusOK)
	return d.body.Write(b)
}

// serveFault answers a call that goes wrong. The call is in the log before anything is sent,
// since clients that stop waiting look there.
func (s *Server) serveFault(w *recorder, r *http.Request, f *Fault) {
	defer s.faults.running.Done()

	d := &draft{header: http.Header{}}
	p := params.Peek(r)
	w.Params = p.Values
	switch read := params.Method(r, p) == http.MethodGet; {
	case f.takesEffect() || read && !f.answersItself():
		s.serve(&recorder{ResponseWriter: d, Request: w.Request, filed: true}, r)
	case !f.answersItself():
		d.header.Set("Content-Type", "application/json; charset=utf-8")
		io.WriteString(d, `{"meta":{"code":200},"data":null}`)
	}
	if f.answersItself() {
		d = f.draft(r, s.limits.Calls)
	}
	f.spoil(d, r, s.origin(r))

	w.Failed = true
	if f.Cut == Drop {
		w.file(0)
	}
	w.file(d.status)

	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.faults.closing, cancel)()
	if !sleep(ctx, f.Delay) {
		panic(http.ErrAbortHandler)
	}
	if f.needsConnection(d) {
		f.sendRaw(ctx, w, r, d)
	} else {
		f.send(ctx, w, r, d)
	}
}

// answersItself says whether the fault has an answer in place of the server's, or none.
func (f *Fault) answersItself() bool {
	return f.Status != 0 || f.RedirectOrigin != "" || f.Bomb != 0 || f.Endless != "" || f.Cut == Drop
}

func (f *Fault) takesEffect() bool {
	return f.Effect == After || f.Effect == "" && !f.answersItself()
}

// draft is the answer of the fault itself.
func (f *Fault) draft(r *http.Request, limit int) *draft {
	d := &draft{header: http.Header{}, status: f.Status}
	if f.RedirectOrigin != "" {
		d.header.Set("Location", f.RedirectOrigin+r.URL.RequestURI())
		if d.status == 0 {
			d.status = http.StatusFound
		}
	}
	const typeJSON = "application/json; charset=utf-8"
	contentType := "text/html"
	switch {
	case d.status == 0: // a bomb and an endless body make their own
		d.status, contentType = http.StatusOK, typeJSON
	case f.Body != "":
		d.body.WriteString(f.Body)
		contentType = http.DetectContentType([]byte(f.Body))
		if json.Valid([]byte(f.Body)) {
			contentType = typeJSON
		}
	case f.Form == Empty || d.status == http.StatusNoContent || d.status == http.StatusNotModified:
		contentType = ""
	case f.Form == Meta || f.Form == Bare:
		e := apierror.Error{Status: d.status, Kind: "APIError", Message: http.StatusText(d.status), Bare: f.Form == Bare}
		if d.status == http.StatusTooManyRequests || d.status == 420 {
			e.Kind, e.Message = apierror.RateLimit.Kind, apierror.RateLimit.Message
			d.header.Set("X-Ratelimit-Limit", strconv.Itoa(limit))
			d.header.Set("X-Ratelimit-Remaining", "0")
		}
		d.body.Write(apierror.Append(nil, &e))
		contentType = typeJSON
	default:
		title := strings.TrimSpace(fmt.Sprint(d.status, " ", http.StatusText(d.status)))
		fmt.Fprintf(&d.body, "<html>\n<head><title>%s</title></head>\n<body><h1>%[1]s</h1></body>\n</html>\n", title)
	}
	if contentType != "" {
		d.header.Set("Content-Type", contentType)
	}
	return d
}

// spoil does to an answer what can be done before it is sent.
func (f *Fault) spoil(d *draft, r *http.Request, origin string) {
	if f.NextOrigin != "" || f.NextLoops {
		spoiled := f.spoilPage(d.body.Bytes(), r, origin)
		d.body.Reset()
		d.body.Write(spoiled)
	}
	if f.Malformed {
		d.body.Truncate(d.body.Len() / 2)
	}
	d.header.Set("Content-Length", strconv.Itoa(d.body.Len()))
	for name, value := range f.Header {
		d.header.Del(name)
		if value != "" {
			d.header.Set(name, value)
		}
	}
}

// spoilPage changes where an answer says the next page is, whatever the generation of the answer.
func (f *Fault) spoilPage(body []byte, r *http.Request, origin string) []byte {
	var envelope, page map[string]json.RawMessage
	if json.Unmarshal(body, &envelope) != nil {
		return body
	}
	object, link := "pagination", "next_url"
	if _, ok := envelope["paging"]; ok {
		object = "paging"
	}
	if json.Unmarshal(envelope[object], &page) != nil || page == nil {
		return body
	}
	if _, ok := page["next"]; ok || object == "paging" {
		link = "next"
	}
	if f.NextLoops {
		for _, param := range []string{"max_id", "max_like_id", "max_tag_id", "cursor", "after"} {
			at := r.URL.Query().Get(param)
			if at == "" {
				continue
			}
			page[link] = encode.JSON(origin + r.URL.RequestURI())
			if param == "after" {
				page["cursors"] = encode.JSON(map[string]string{param: at})
			} else {
				page["next_"+param] = encode.JSON(at)
			}
		}
	}
	var next string
	if f.NextOrigin != "" && json.Unmarshal(page[link], &next) == nil {
		if u, err := url.Parse(next); err == nil {
			page[link] = encode.JSON(f.NextOrigin + u.RequestURI())
		}
	}
	envelope[object] = encode.JSON(page)
	return encode.JSON(envelope)
}

// needsConnection says whether the answer breaks rules that the HTTP server would hold it to.
func (f *Fault) needsConnection(d *draft) bool {
	return f.Cut != "" || f.Endless == EndlessHeader || d.header.Get("Content-Length") != strconv.Itoa(d.body.Len())
}

// send writes an answer that is proper HTTP, if perhaps slow or huge. It ends the connection if it
// cannot write it all.
func (f *Fault) send(ctx context.Context, w http.ResponseWriter, r *http.Request, d *draft) {
	control := http.NewResponseController(w)
	defer context.AfterFunc(ctx, func() {
		control.SetWriteDeadline(time.Now()) //nolint:errcheck // the write then ends with the connection
	})()
	for name, values := range d.header {
		w.Header()[name] = values
	}
	endless := f.Bomb != 0 || f.Endless == EndlessBody
	if endless {
		w.Header().Del("Content-Length")
	}
	if f.Bomb != 0 {
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.WriteHeader(d.status)
	if r.Method == http.MethodHead {
		return
	}
	var err error
	switch {
	case f.Bomb != 0:
		err = bomb(ctx, w, f.Bomb)
	case endless:
		err = writeUpTo(ctx, w, `{"meta":{"code":200},"data":"`, "0", math.MaxInt64)
	default:
		err = f.drip(ctx, func(b []byte) error {
			if _, err := w.Write(b); err != nil {
				return err
			}
			return control.Flush()
		}, d.body.Bytes())
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
}

// sendRaw writes an answer that no HTTP server would, on the bare connection, and ends that. Behind
// a handler that cannot give away its connections all such answers end at once.
func (f *Fault) sendRaw(ctx context.Context, w http.ResponseWriter, r *http.Request, d *draft) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if f.Cut == Drop {
		return
	}
	d.header.Set("Connection", "close")
	d.header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	var head bytes.Buffer
	fmt.Fprintf(&head, "HTTP/1.1 %d %s\r\n", d.status, http.StatusText(d.status))
	d.header.Write(&head) //nolint:errcheck // a buffer takes all
	if f.Endless == EndlessHeader {
		writeUpTo(ctx, conn, head.String(), "X-More: and more\r\n", math.MaxInt64) //nolint:errcheck // it ends when the client hangs up
		return
	}
	head.WriteString("\r\n")
	if _, err := conn.Write(head.Bytes()); err != nil || r.Method == http.MethodHead {
		return
	}
	body := d.body.Bytes()
	if f.Cut != "" {
		body = body[:f.cutAt(len(body))]
	}
	err = f.drip(ctx, func(b []byte) error { _, err := conn.Write(b); return err }, body)
	if err == nil && f.Cut == Abort {
		reset(conn)
	}
}

func (f *Fault) cutAt(length int) int {
	if f.CutAt == 0 {
		return length / 2
	}
	return min(max(f.CutAt, 0), length)
}

// reset makes closing the connection a reset, and closes it.
func reset(conn net.Conn) {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0) //nolint:errcheck // without it the connection ends all the same
	}
	conn.Close()
}

// drip writes a body as fast as the fault lets it.
func (f *Fault) drip(ctx context.Context, write func([]byte) error, body []byte) error {
	piece, pause := len(body), time.Duration(0)
	if f.BytesPerSecond > 0 {
		piece = max(1, f.BytesPerSecond/50)
		pause = time.Duration(piece) * time.Second / time.Duration(f.BytesPerSecond)
	}
	for len(body) > 0 {
		n := min(piece, len(body))
		if err := write(body[:n]); err != nil {
			return err
		}
		body = body[n:]
		if !sleep(ctx, pause) {
			return ctx.Err()
		}
	}
	return nil
}

// bomb writes a gzip stream of one JSON text of size bytes.
func bomb(ctx context.Context, w io.Writer, size int64) error {
	const head, tail = `{"meta":{"code":200},"data":"`, `"}`
	packed, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if err := writeUpTo(ctx, packed, head, "0", size-int64(len(head)+len(tail))); err != nil {
		return err
	}
	io.WriteString(packed, tail)
	return packed.Close()
}

// writeUpTo writes head and then more, again and again, up to size bytes of it.
func writeUpTo(ctx context.Context, w io.Writer, head, more string, size int64) error {
	if _, err := io.WriteString(w, head); err != nil {
		return err
	}
	b := []byte(strings.Repeat(more, 1+1<<15/len(more)))
	for size > 0 && ctx.Err() == nil {
		n, err := w.Write(b[:min(int64(len(b)), size)])
		if err != nil {
			return err
		}
		size -= int64(n)
	}
	return ctx.Err()
}

// sleep waits and says whether it has waited to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
