//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/igv1/instagram/fleet"
	"github.com/igv1/instagram/fleet/internal/archive"
	"github.com/igv1/instagram/fleet/internal/harvest"
	"github.com/igv1/instagram/instagramtest"
)

// igharvest runs the program in this process.
func igharvest(t *testing.T, args ...string) (output string, err error) {
	t.Helper()
	var out bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err = run(ctx, args, &out, &out)
	return out.String(), err
}

func TestASecondRunAsksOnlyForWhatIsNew(t *testing.T) {
	t.Cleanup(func() { goleak.VerifyNone(t) }) // after the server has ended
	w := newWorld(t, 40, 0, 20, 2, 1)
	dir := t.TempDir()
	args := append(w.files(t), "-out", dir, "-count", "5")
	_, err := igharvest(t, args...)
	require.NoError(t, err)
	w.assertArchive(t, dir)

	first := len(w.made())
	_, err = igharvest(t, args...)
	require.NoError(t, err)
	w.assertArchive(t, dir)
	again := w.made()[first:]
	assert.Len(t, again, 40, "a call an account says that there is nothing new")
	for _, c := range again {
		if user := strings.Split(c.path, "/")[3]; len(w.media[user]) > 0 {
			assert.Contains(t, c.query, "min_id="+w.media[user][0])
		}
	}

	for range 12 {
		w.post(w.users[3])
	}
	w.post(w.users[5])
	second := len(w.made())
	_, err = igharvest(t, args...)
	require.NoError(t, err)
	w.assertArchive(t, dir)
	assert.Len(t, w.made()[second:], 42, "12 media are three pages of five")
}

func TestTagsAndPlaces(t *testing.T) {
	t.Parallel()
	server := instagramtest.NewServer(instagramtest.WithMedia(50, 800))
	defer server.Close()
	server.PostMedia(server.Users()[0].ID, instagramtest.Media{Caption: "out and about #nature #日本", LocationID: "833"})
	dir, files := t.TempDir(), t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(files, name)
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	args := []string{
		"-out", dir, "-base-url", server.BaseURL(), "-tokens", write("tokens", "# of friends\n\n"+server.AccessToken(server.Users()[0].ID)+"\n"),
		"-tags", write("tags", "#nature\nsea\n日本\n"), "-locations", write("locations", "833\n"),
	}
	output, err := igharvest(t, args...)
	require.NoError(t, err, output)
	for _, list := range []string{"tags/" + nameOf(t, dir, "tags", "nature"), "locations/" + nameOf(t, dir, "locations", "833")} {
		text, err := os.ReadFile(filepath.Join(dir, list))
		require.NoError(t, err)
		assert.NotEmpty(t, text, list)
	}
	before := len(server.Requests())
	output, err = igharvest(t, args...)
	require.NoError(t, err, output)
	assert.Len(t, server.Requests()[before:], 4, "a call each")
}

func nameOf(t *testing.T, dir, kind, name string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, kind, "*", name+".jsonl"))
	require.NoError(t, err)
	require.Len(t, found, 1)
	relative, err := filepath.Rel(filepath.Join(dir, kind), found[0])
	require.NoError(t, err)
	return relative
}

func TestWhatCannotBeReadIsSetAsideAndTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5, 1, 5, 1, 1)
	dir := t.TempDir()
	args := append(w.files(t), "-out", dir, "-attempts", "3", "-backoff", "10ms")
	sick := w.users[2].ID
	w.Fail("GET /users/"+sick+"/media/recent", instagramtest.Fault{Status: 502}, -1)
	private := ""
	for _, u := range w.Users() {
		if u.Private {
			private = u.ID
		}
	}
	for name, id := range map[string]string{"unknown": "999", "private": private} {
		file := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(file, []byte(id), 0o600))
		_, err := igharvest(t, "add", "-out", dir, "-attempts", "3", "-users", file)
		require.NoError(t, err)
	}
	output, err := igharvest(t, args...)
	require.NoError(t, err, output)
	output, err = igharvest(t, "status", "-dead", "-out", dir)
	require.NoError(t, err)
	assert.Contains(t, strings.Join(strings.Fields(output), " "), "lists 4 done 0 running 0 waiting 3 dead")
	assert.Regexp(t, `(?m)^users/999\t1 attempts\t.*this user does not exist`, output)
	assert.Regexp(t, `(?m)^users/`+private+`\t1 attempts\t.*cannot view`, output)
	assert.Regexp(t, `(?m)^users/`+sick+`\t3 attempts\t.*502`, output)

	w.ClearFaults()
	output, err = igharvest(t, "retry", "-out", dir)
	require.NoError(t, err)
	assert.Equal(t, "3 lists are on the queue again\n", output)
	_, err = igharvest(t, append(args, "-users", os.DevNull)...)
	require.NoError(t, err)
	w.assertArchive(t, dir)
	output, err = igharvest(t, "status", "-out", dir)
	require.NoError(t, err)
	assert.Contains(t, output, "2 dead")
}

func TestATokenThatIsRevokedIsSetAside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 120, 1, 3, 3, 1)
	dir := t.TempDir()
	w.Revoke(w.tokens[1])
	args := append(w.files(t), "-out", dir)
	output, err := igharvest(t, args...)
	require.NoError(t, err)
	w.assertArchive(t, dir)
	assert.Regexp(t, `a token is set aside.*token=token-2`, output)
	output, err = igharvest(t, "status", "-out", dir)
	require.NoError(t, err)
	assert.Regexp(t, `token token-2 was set aside at .*OAuthAccessTokenException`, output)
	output, err = igharvest(t, append([]string{"status", "-out", dir}, args[:2]...)...)
	require.NoError(t, err)
	assert.Regexp(t, `token token-1 .* left`, output)
	assert.NotRegexp(t, `token token-2 .* left`, output, "nobody can use what it has left")

	w.Revoke(w.tokens[0])
	w.Revoke(w.tokens[2])
	_, err = igharvest(t, args...)
	assert.ErrorContains(t, err, "no token works any more")
	output, err = igharvest(t, "status", "-out", dir)
	require.NoError(t, err)
	assert.Contains(t, strings.Join(strings.Fields(output), " "), "0 done 0 running 120 waiting", "nothing is lost")
}

// A token that was refused may work again when the next worker begins.
func TestATokenThatWorksAgainIsNotAside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10, 1, 3, 2, 1)
	dir := t.TempDir()
	w.Fail("GET /users/{user-id}/media/recent", instagramtest.Fault{
		Status: 400, Body: `{"meta":{"code":400,"error_type":"OAuthAccessTokenException","error_message":"The access_token provided is invalid."}}`,
	}, 1)
	for _, aside := range []bool{true, false} {
		_, err := igharvest(t, append(w.files(t), "-out", dir)...)
		require.NoError(t, err)
		output, err := igharvest(t, "status", "-out", dir)
		require.NoError(t, err)
		assert.Equal(t, aside, strings.Contains(output, "was set aside"), output)
	}
}

func TestSecretsAreNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10, 1, 5, 3, 1)
	dir := t.TempDir()
	w.Revoke(w.tokens[2])
	w.Fail("GET /users/"+w.users[1].ID+"/media/recent", instagramtest.Fault{Cut: instagramtest.Drop}, -1)
	output, err := igharvest(t, append(w.files(t), "-out", dir, "-attempts", "2", "-backoff", "10ms")...)
	require.NoError(t, err)
	more, err := igharvest(t, "status", "-dead", "-out", dir)
	require.NoError(t, err)
	texts, size := map[string]string{"the log": output, "the status": more}, 0
	require.NoError(t, filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		texts[name] = string(text)
		size += len(text)
		return err
	}))
	assert.Greater(t, size, 10_000, "what NATS stored is among it")
	for _, token := range w.tokens {
		for where, text := range texts {
			assert.NotContains(t, text, token, where)
			assert.NotContains(t, text, token[len(token)-12:], where)
		}
	}
}

func TestWorkersStopAndDrainAndGoOn(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"stop", "drain", "interrupt"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 60, 5, 20, 2, 1)
			w.delay = 300 * time.Millisecond // more than the time until workers hear of it
			dir := t.TempDir()
			serve(t, dir)
			args := append(w.files(t), "-out", dir, "-count", "5")
			workers := []*process{start(t, args...), start(t, args...)}
			eventually(t, 20*time.Second, "the first calls", func() bool { return len(w.made()) > 20 })
			if how == "interrupt" {
				workers[0].signal(syscall.SIGINT)
				workers[1].signal(syscall.SIGTERM)
			} else {
				output, err := igharvest(t, how, "-out", dir)
				require.NoError(t, err, output)
			}
			if how == "interrupt" {
				for i, code := range []int{interrupted, terminated} {
					workers[i].wait(20 * time.Second)
					assert.Equal(t, code, workers[i].cmd.ProcessState.ExitCode())
					assert.Equal(t, "igharvest: stopped; the same command goes on where it was\n", workers[i].lastLine())
				}
			} else {
				waitAll(t, 20*time.Second, workers...)
			}
			a, err := archive.Open(dir)
			require.NoError(t, err)
			begun, err := os.ReadDir(a.Meta("work"))
			require.NoError(t, err)
			assert.Equal(t, how != "drain", len(begun) > 0, "what was begun is left: %d", len(begun))
			calls := len(w.made())
			again := start(t, args...)
			waitAll(t, time.Minute, again)
			assert.Greater(t, len(w.made()), calls)
			w.assertArchive(t, dir)
		})
	}
}

func TestThePageAndTheMetrics(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 20, 5, 10, 1, 1)
	w.delay = 100 * time.Millisecond
	dir := t.TempDir()
	address := freeAddress(t)
	p := start(t, append(w.files(t), "-out", dir, "-stay", "-http", address)...)
	get := func(path string) string {
		t.Helper()
		resp, err := http.Get("http://" + address + path)
		if err != nil {
			return ""
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.Status + "\n" + string(text)
	}
	eventually(t, 30*time.Second, "a page that says that all is done", func() bool {
		page := get("/")
		return strings.Contains(page, "20 of 20") && strings.Contains(page, "5000")
	})
	page := get("/")
	assert.Contains(t, page, `<meta http-equiv="refresh" content="2">`)
	assert.Regexp(t, `<td>token-1</td><td class="n">\d+</td><td class="n">5000</td>`, page)
	metrics := get("/metrics")
	media := 0
	for _, m := range w.media {
		media += len(m)
	}
	for _, want := range []string{
		`(?m)^igharvest_lists_total\{kind="users",result="done"\} 20$`,
		`(?m)^igharvest_media_total\{kind="users"\} ` + itoa(media) + `$`,
		`(?m)^igharvest_fleet_lists\{state="done"\} 20$`,
		`(?m)^igharvest_token_calls_limit\{token="token-1"\} 5000$`,
		`(?m)^igharvest_page_seconds_count [1-9]`,
		`(?m)^igharvest_fleet_workers 1$`,
	} {
		assert.Regexp(t, want, metrics)
	}
	assert.Contains(t, get("/other"), "404")
	for _, text := range []string{page, metrics} {
		assert.NotContains(t, text, w.tokens[0][len(w.tokens[0])-12:])
	}
	p.signal(syscall.SIGINT)
	p.wait(20 * time.Second)
}

// Workers that do not see the same directory would read lists from the start.
func TestAWorkerWithAnotherDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, 1, 5, 1, 1)
	dir := t.TempDir()
	serve(t, dir)
	args := w.files(t)
	_, err := igharvest(t, append(args, "-out", dir, "-nats", natsURL(t, dir))...)
	require.NoError(t, err)
	_, err = igharvest(t, append(args, "-out", t.TempDir(), "-nats", natsURL(t, dir))...)
	require.ErrorContains(t, err, "is not the directory of harvest")

	other := t.TempDir() // a harvest of its own has the same budget
	_, err = igharvest(t, append(args, "-out", other, "-name", "other", "-nats", natsURL(t, dir))...)
	require.NoError(t, err)
	w.assertArchive(t, other)
	output, err := igharvest(t, "status", "-out", dir)
	require.NoError(t, err)
	assert.Contains(t, output, "4994 of 5000 left")
}

func TestWhatMakesNoSenseIsRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, 1, 1, 1, 1)
	good := w.files(t)
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	var failures []string // that are no misuse
	for name, args := range map[string][]string{
		"a command that is not there": {"harvest"},
		"a flag that is not there":    {"status", "-out", t.TempDir(), "-verbose"},
		"no number":                   {"run", "-count", "many"},
		"no directory":                good,
		"no server":                   {"-out", t.TempDir(), "-tokens", good[1]},
		"no tokens":                   {"-out", t.TempDir(), "-base-url", w.url},
		"nothing to read":             {"-out", filepath.Join(t.TempDir(), "new"), "-base-url", w.url, "-tokens", good[1]},
		"a server that is none":       append(good, "-out", t.TempDir(), "-base-url", "api.example.com"),
		"a file that is not there":    append(good, "-out", t.TempDir(), "-users", filepath.Join(t.TempDir(), "users")),
		"tokens that are not there":   append(good, "-out", t.TempDir(), "-tokens", filepath.Join(t.TempDir(), "tokens")),
		"two standard inputs":         append(good, "-out", t.TempDir(), "-users", "-", "-tags", "-"),
		"an address that is none":     append(good, "-out", t.TempDir(), "-http", "everywhere"),
		"replicas on one machine":     append(good, "-out", t.TempDir(), "-replicas", "3"),
		"a lease of less than none":   append(good, "-out", t.TempDir(), "-lease", "-1s"),
		"an hour that is too short":   append(good, "-out", t.TempDir(), "-hour", "1ms"),
		"an empty file of tokens":     {"-out", t.TempDir(), "-base-url", w.url, "-tokens", file("\n# none\n")},
		"two tokens of one name":      {"-out", t.TempDir(), "-base-url", w.url, "-tokens", file("a x1\na x2\n")},
		"too much in a line":          {"-out", t.TempDir(), "-base-url", w.url, "-tokens", file("a b c\n")},
		"a name for a user":           append(good, "-out", t.TempDir(), "-users", file("123\nmira.solane\n")),
		"a path for a place":          append(good, "-out", t.TempDir(), "-locations", file("../../etc\n")),
		"words for a tag":             append(good, "-out", t.TempDir(), "-tags", file("two words\n")),
		"a negative count":            append(good, "-out", t.TempDir(), "-count", "-1"),
		"a name of dots":              append(good, "-out", t.TempDir(), "-name", "a.b"),
		"an hour of nothing":          append(good, "-out", t.TempDir(), "-hour", "0s"),
		"more than flags":             append(good, "-out", t.TempDir(), "again"),
		"nothing to add":              {"add", "-out", t.TempDir()},
		"a URL that is none":          {"status", "-nats", "nats://s3cret@no host:4222"},
		"a harvest that is not there": {"status", "-out", t.TempDir()},
		"none to try again":           {"retry", "-out", filepath.Join(t.TempDir(), "none")},
		"none to stop":                {"stop", "-out", t.TempDir()},
	} {
		output, err := igharvest(t, args...)
		assert.Error(t, err, name)
		assert.Empty(t, output, name)
		assert.NotContains(t, err.Error(), "\n", name)
		assert.NotContains(t, err.Error(), "s3cret", name)
		var usage *usageError
		if !errors.As(err, &usage) {
			failures = append(failures, name)
		}
	}
	assert.Empty(t, w.made())
	assert.ElementsMatch(t, []string{
		"an empty file of tokens", "two tokens of one name", "too much in a line", "a name for a user", "a path for a place", "words for a tag",
		"a harvest that is not there", "none to try again", "none to stop",
	}, failures, "they are about what files hold")
}

// How fast it went says little when the budget is used up.
func TestTimeLeft(t *testing.T) {
	t.Parallel()
	soon, later := time.Now().Add(10*time.Minute+time.Second/4), time.Now().Add(time.Hour)
	token := func(left int, free time.Time) tokenView {
		return tokenView{Budget: fleet.Budget{Left: left, Free: free}}
	}
	for name, tt := range map[string]struct {
		waiting int
		left    time.Duration
		tokens  []tokenView
		more    int
		want    string
	}{
		"nothing to do":           {0, time.Minute, nil, 0, "none"},
		"not known":               {5, 0, []tokenView{token(1, soon)}, 0, "unknown"},
		"as it goes":              {5, time.Minute, []tokenView{token(0, later), token(1, soon)}, 0, "1m0s"},
		"no calls left":           {5, time.Minute, []tokenView{token(0, later), token(0, soon)}, 0, "over 10m0s"},
		"not known, no calls":     {5, 0, []tokenView{token(0, soon)}, 0, "over 10m0s"},
		"longer than the hour":    {5, 2 * time.Hour, []tokenView{token(0, later)}, 0, "2h0m0s"},
		"more than are looked at": {5, time.Minute, []tokenView{token(0, later)}, 7, "1m0s"},
	} {
		v := &view{Status: &harvest.Status{Waiting: tt.waiting, Left: tt.left}, Tokens: tt.tokens, More: tt.more}
		assert.Equal(t, tt.want, v.TimeLeft(), name)
	}
}

// Where NATS is somebody else's, it is said what keeps a worker waiting, or out.
func TestNATSThatLetsNobodyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, 1, 1, 1, 1)
	dir := t.TempDir()
	serve(t, dir)
	address := strings.Replace(natsURL(t, dir), "nats://", "nats://s3cret", 1)
	for _, args := range [][]string{{"status"}, append(w.files(t), "-out", t.TempDir())} {
		output, err := igharvest(t, append(args, "-nats", address)...)
		require.ErrorIs(t, err, nats.ErrAuthorization)
		assert.ErrorContains(t, err, "-nats-creds")
		assert.NotContains(t, err.Error()+output, "s3cret")
	}
	waits := start(t, append(w.files(t), "-out", t.TempDir(), "-nats", "nats://s3cret@"+freeAddress(t))...)
	eventually(t, 20*time.Second, "a word", func() bool { return strings.Contains(waits.output(), "NATS does not answer") })
	assert.NotContains(t, waits.output(), "s3cret")
	assert.Empty(t, w.made())
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"-h", "--help", "help"} {
		output, err := igharvest(t, flag)
		require.NoError(t, err)
		for name := range commands {
			assert.Contains(t, output, "igharvest "+name)
		}
	}
	for name, c := range commands {
		output, err := igharvest(t, name, "-h")
		require.ErrorIs(t, err, flag.ErrHelp)
		assert.Contains(t, output, c.about)
		assert.Contains(t, output, "-out directory")
	}
	for code, args := range map[int][]string{0: {"run", "-h"}, misused: {"run", "-parallel", "x"}, failed: {"status", "-out", t.TempDir()}} {
		p := start(t, args...)
		p.wait(20 * time.Second)
		assert.Equal(t, code, p.cmd.ProcessState.ExitCode())
		if code != 0 {
			assert.Equal(t, 1, strings.Count(p.output(), "\n"), p.output())
		}
	}
}

func TestTheDemonstration(t *testing.T) {
	t.Parallel()
	p := start(t)
	began := time.Now()
	waitAll(t, time.Minute, p)
	t.Logf("it took %.0f s", time.Since(began).Seconds())
	assert.Regexp(t, `(?m)^together +315 +6187 +0 +\d+ +0 *$`, p.output())
	assert.Regexp(t, `second run +315 +\+3 +0 +315`, p.output())
}
