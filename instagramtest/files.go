package instagramtest

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/pictures"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// findFile reads what comes after /images or /videos: code[/part]/format.
func (s *Server) findFile(path, suffix string) (f pictures.File, ok bool) {
	path, ok = strings.CutSuffix(path, suffix)
	parts := strings.Split(path, "/")
	if !ok || len(parts) < 2 || len(parts) > 3 {
		return f, false
	}
	number, ok := world.ParseShortcode(parts[0])
	w := s.world.Load()
	w.Mu.RLock()
	defer w.Mu.RUnlock()
	m := w.Media[number]
	if !ok || m == nil {
		return f, false
	}
	f.Seed = m.Number
	if len(parts) == 3 {
		part, err := strconv.Atoi(parts[1])
		if err != nil || part < 1 || part > len(m.Parts) {
			return f, false
		}
		f.Seed += uint64(part)
	}
	for _, known := range pictures.Formats {
		if known.Name == parts[len(parts)-1] {
			f.Shape, f.Width, f.Height = known.Shape(m.Shape), known.Width, known.Height(m.Shape)
			return f, true
		}
	}
	return f, false
}

func (s *Server) serveImage(w *recorder, r *http.Request, rest string) {
	f, ok := s.findFile(rest, ".jpg")
	serveFile(w, r, ok, "image/jpeg", func() []byte { return pictures.Draw(f) })
}

func (s *Server) serveVideo(w *recorder, r *http.Request, rest string) {
	f, ok := s.findFile(rest, ".mp4")
	clip := pictures.Clip(f.Shape, f.Width)
	serveFile(w, r, ok && clip != nil, "video/mp4", func() []byte { return clip })
}

func (s *Server) serveProfile(w *recorder, r *http.Request, rest string) {
	name, _ := strings.CutSuffix(rest, ".jpg")
	id, _ := world.ParseID(name)
	world := s.world.Load()
	world.Mu.RLock()
	known := world.Users[id] != nil
	world.Mu.RUnlock()
	serveFile(w, r, known, "image/jpeg", func() []byte { return pictures.Draw(pictures.File{Seed: id, Width: 150, Height: 150}) })
}

// serveFile leaves ranges, HEAD and conditions to the standard library. A file never changes under
// its URL.
func serveFile(w *recorder, r *http.Request, found bool, contentType string, content func() []byte) {
	w.Params = r.URL.Query()
	switch {
	case !found:
		http.NotFound(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	default:
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "public, max-age=86400")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content()))
	}
}

// maxRecordedFile bounds a picture or a video beside recorded data, in bytes: it is held in memory
// while it is sent if its file system cannot seek.
const maxRecordedFile = 256 << 20

// serveRecordedFile answers with a picture or a video of the archive that the world was made from.
// What is neither is not shown by browsers: the files are other people's.
func (s *Server) serveRecordedFile(w *recorder, r *http.Request, rest string) {
	w.Params = r.URL.Query()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		refuseMethod(w)
		return
	}
	loaded := s.loaded.Load()
	name, err := url.PathUnescape(rest)
	if loaded == nil || err != nil {
		http.NotFound(w, r)
		return
	}
	f, err := loaded.Open(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	content, ok := f.(io.ReadSeeker)
	if !ok {
		b, err := io.ReadAll(io.LimitReader(f, maxRecordedFile))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		content = bytes.NewReader(b)
	}
	header := w.Header()
	header.Set("Content-Type", pictureType(content))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "private, max-age=86400")
	http.ServeContent(w, r, "", time.Time{}, content)
}

// pictureType is the type of a picture or a video, as its first bytes tell.
func pictureType(content io.ReadSeeker) string {
	head := make([]byte, 512)
	n, _ := io.ReadFull(content, head)
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return "application/octet-stream"
	}
	detected := http.DetectContentType(head[:n])
	if strings.HasPrefix(detected, "image/") || strings.HasPrefix(detected, "video/") {
		return detected
	}
	return "application/octet-stream"
}
