package main

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const recording = `{"meta":{"code":200},"data":[{"id":"657988443280050001_25025320","type":"image","created_time":"1391806447",
	"user":{"id":"25025320","username":"mira","full_name":"Mira Solane","profile_picture":""},"images":{},"caption":null}]}`

// comments are the texts of all comments.
func (p *program) comments(t *testing.T) map[string]bool {
	t.Helper()
	resp, err := http.Get(p.printed["url"] + "/v1/media/657988443280050001/comments?access_token=" + p.printed["access_token"])
	require.NoError(t, err)
	defer resp.Body.Close()
	var answer struct {
		Data []struct{ Text string }
	}
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	texts := map[string]bool{}
	for _, c := range answer.Data {
		texts[c.Text] = true
	}
	return texts
}

func (p *program) comment(text string) (posted bool) {
	resp, err := http.PostForm(p.printed["url"]+"/v1/media/657988443280050001/comments?access_token="+p.printed["access_token"], url.Values{"text": {text}})
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// TestKill kills the program thirty times while it is being written to. Whatever it said was
// written is there when it starts again, and the file that it saves to is whole all the time.
func TestKill(t *testing.T) {
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	name := filepath.Join(t.TempDir(), "archive.json")
	require.NoError(t, os.WriteFile(name, []byte(recording), 0o644))
	var written []string
	restart := func() *program {
		p := launch(t, "-data", name, "-save", name+".saved")
		there := p.comments(t)
		for _, text := range written[max(0, len(written)-100):] { // the last 150 are told
			require.True(t, there[text], "%q was lost", text)
		}
		return p
	}
	for i := range 30 {
		p := restart()
		killed := make(chan struct{})
		go func() {
			defer close(killed)
			time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
			p.Process.Kill() //nolint:errcheck // then the next start tells
		}()
		for n := range 50 {
			if text := fmt.Sprintf("kill %d, comment %d", i, n); p.comment(text) {
				written = append(written, text)
			} else {
				break
			}
		}
		<-killed
		p.Wait() //nolint:errcheck // it was killed
		content, err := os.ReadFile(name + ".saved")
		if !errors.Is(err, fs.ErrNotExist) {
			require.NoError(t, err)
			require.True(t, json.Valid(content), "%s", content)
		}
	}
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, recording, string(content), "the recording is not written")
	restart()
	assert.Greater(t, len(written), 30)
}

func TestDataThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "deep", "broken.json")
	require.NoError(t, os.Mkdir(filepath.Dir(broken), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "good.json"), []byte(recording), 0o644))
	require.NoError(t, os.WriteFile(broken, []byte(recording[:100]), 0o644))
	p := launch(t, "-data", dir)
	require.NoError(t, p.Process.Kill())
	p.Wait() //nolint:errcheck // it was killed
	assert.Contains(t, p.stderr.String(), "left out: deep/broken.json: from line 1: the JSON ends too early\n")
	for name, message := range map[string]string{
		dir:                               "instagramtest: deep/broken.json: from line 1: the JSON ends too early\n",
		broken:                            "broken.json: from line 1: the JSON ends too early\n",
		filepath.Join(dir, "not-there"):   "not-there: no such file or directory\n",
		filepath.Join(dir, "deep", "..."): "...: no such file or directory\n",
	} {
		cmd := exec.Command(binary, "-addr", "127.0.0.1:0", "-data", name, "-strict")
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
		assert.Equal(t, 1, exit.ExitCode())
		assert.Contains(t, string(out), message)
	}
	content, err := os.ReadFile(broken)
	require.NoError(t, err)
	assert.Equal(t, recording[:100], string(content))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 2)
}

// An export of Instagram's is served as it comes, with its pictures.
func TestDataOfAnExport(t *testing.T) {
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	name := filepath.Join(t.TempDir(), "instagram-mira.solane-2024-05-01.zip")
	file, err := os.Create(name)
	require.NoError(t, err)
	w := zip.NewWriter(file)
	for name, text := range map[string]string{
		"your_instagram_activity/media/posts_1.json": `[{"media":[{"uri":"media/posts/a.jpg","creation_timestamp":1600000000,"title":"Low tide"}]}]`,
		"media/posts/a.jpg":                          "\xff\xd8\xff a photo",
	} {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, file.Close())
	p := launch(t, "-data", name, "-strict")
	var answer struct {
		Data []struct {
			Caption struct{ Text string }
			Images  map[string]struct{ URL string }
		}
	}
	resp, err := http.Get(p.printed["url"] + "/v1/users/self/media/recent?access_token=" + p.printed["access_token"])
	require.NoError(t, err)
	defer resp.Body.Close()
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	require.Len(t, answer.Data, 1)
	assert.Equal(t, "Low tide", answer.Data[0].Caption.Text)
	picture, err := http.Get(answer.Data[0].Images["standard_resolution"].URL)
	require.NoError(t, err)
	defer picture.Body.Close()
	text, err := io.ReadAll(picture.Body)
	require.NoError(t, err)
	assert.Equal(t, "\xff\xd8\xff a photo", string(text))
}

// TestManyBrokenFiles sees that a folder of broken files does not hide what the server says.
func TestManyBrokenFiles(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "good.json"), []byte(recording), 0o644))
	for i := range 30 {
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(i, ".json")), []byte("[1,"), 0o644))
	}
	p := launch(t, "-data", dir)
	require.Eventually(t, func() bool { return strings.Contains(p.stderr.String(), "Users to act as") }, 10*time.Second, 10*time.Millisecond)
	assert.Equal(t, 20, strings.Count(p.stderr.String(), "the JSON ends too early\n"))
	assert.Contains(t, p.stderr.String(), "\ninstagramtest: left out: 10 more\n")
}
