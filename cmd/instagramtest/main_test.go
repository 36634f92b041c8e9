package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// program is the command, running.
type program struct {
	*exec.Cmd
	printed map[string]string
	stderr  output
}

// output is what a program writes while others read it.
type output struct {
	mu sync.Mutex
	b  strings.Builder
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "instagramtest")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "instagramtest")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// launch runs the program until the test ends and reads the first lines it prints.
func launch(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	p := &program{Cmd: exec.CommandContext(ctx, binary, append([]string{"-addr", "127.0.0.1:0"}, args...)...), printed: map[string]string{}}
	p.Cmd.Stderr = &p.stderr
	stdout, err := p.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.Start())
	t.Cleanup(func() { p.Process.Kill() }) //nolint:errcheck // it may be gone
	lines := bufio.NewScanner(stdout)
	for _, name := range []string{"url", "access_token", "client_id", "client_secret", "admin_token"} {
		require.True(t, lines.Scan(), "no %s", name)
		got, value, _ := strings.Cut(lines.Text(), "=")
		require.Equal(t, name, got)
		require.NotEmpty(t, value)
		p.printed[name] = value
	}
	return p
}

func TestServeUntilInterrupted(t *testing.T) {
	for signal, want := range map[os.Signal]struct {
		code int
		says string
	}{os.Interrupt: {130, "\ninstagramtest: interrupted\n"}, syscall.SIGTERM: {0, ""}} {
		p := launch(t)
		resp, err := http.Get(p.printed["url"] + "/v1/users/self?access_token=" + p.printed["access_token"])
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, 200, resp.StatusCode)
		require.NoError(t, p.Process.Signal(signal))
		p.Wait() //nolint:errcheck // its exit code tells
		assert.Equal(t, want.code, p.ProcessState.ExitCode(), signal)
		assert.True(t, strings.HasSuffix(p.stderr.String(), want.says), p.stderr.String())
		assert.Contains(t, p.stderr.String(), "The API is at "+p.printed["url"]+"/v1, its console for a browser at "+p.printed["url"]+"/\n")
		assert.Contains(t, p.stderr.String(), "Users to act as: mira.solane (1574083), ")
		_, err = http.Get(p.printed["url"])
		assert.Error(t, err)
	}
}

func TestFlags(t *testing.T) {
	p := launch(t, "-seed", "7", "-wire", "2011", "-mode", "sandbox", "-signed")
	q := launch(t, "-seed", "7")
	assert.Equal(t, p.printed["access_token"], q.printed["access_token"])
	resp, err := http.Get(p.printed["url"] + "/v1/users/self?access_token=" + p.printed["access_token"])
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, 403, resp.StatusCode)
	assert.Equal(t, "500", resp.Header.Get("X-Ratelimit-Limit"))
}

func TestAppFlags(t *testing.T) {
	p := launch(t, "-redirect-uri", "https://app.example/one", "-redirect-uri", "app:/two", "-remote-callbacks")
	for uri, status := range map[string]int{"https://app.example/one": 200, "app:/two": 200, "http://localhost/": 400} {
		q := url.Values{"client_id": {p.printed["client_id"]}, "response_type": {"code"}, "redirect_uri": {uri}}
		resp, err := http.Get(p.printed["url"] + "/oauth/authorize?" + q.Encode())
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, status, resp.StatusCode, uri)
	}

	callback := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.FormValue("hub.challenge"))
	}))
	defer callback.Close()
	// 0.0.0.0 is this machine as well, but not the loopback interface.
	resp, err := http.PostForm(p.printed["url"]+"/v1/subscriptions", url.Values{
		"client_id": {p.printed["client_id"]}, "client_secret": {p.printed["client_secret"]}, "object": {"user"}, "aspect": {"media"},
		"callback_url": {strings.Replace(callback.URL, "127.0.0.1", "0.0.0.0", 1)},
	})
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, 200, resp.StatusCode)
}

func TestTLS(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cert.pem")
	p := launch(t, "-tls", "-cert-out", file)
	require.True(t, strings.HasPrefix(p.printed["url"], "https://"))
	pem, err := os.ReadFile(file)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(pem))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}
	resp, err := (&http.Client{Transport: transport}).Get(p.printed["url"] + "/v1/users/self?access_token=" + p.printed["access_token"])
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, 200, resp.StatusCode)
}

func TestWhatCannotBe(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer busy.Close()
	tests := []struct {
		args   string
		code   int
		stderr string
	}{
		{"-addr " + busy.Addr().String(), 1, "address already in use: give another address with -addr"},
		{"-addr nowhere", 1, "instagramtest: -addr \"nowhere\": listen tcp: address nowhere: missing port"},
		{"-data /no/such/file", 1, "instagramtest: -data: stat /no/such/file: no such file"},
		{"-addr 127.0.0.1:0 -tls -cert-out /no/such/directory/cert.pem", 1, "no such file"},
		{"-wire 2012", 2, "-wire must be"},
		{"-mode dead", 2, "-mode must be"},
		{"-seed x", 2, "-seed"},
		{"-nonsense", 2, "not defined: -nonsense (-h lists the flags)"},
		{"-cert-out x", 2, "needs -tls"},
		{"-addr 127.0.0.1:0 -redirect-uri here", 1, `-redirect-uri: redirect URI "here"`},
		{"word", 2, `unexpected argument "word"`},
		{"-host https://api.instagram.com", 2, "without scheme and port"},
		{"-addr 127.0.0.1:0 -public-url here", 1, `-public-url "here": it must be a scheme and a host`},
		{"-addr 127.0.0.1:0 -cors here", 1, `-cors "here": it must be an origin`},
		{"-token mira.solane", 2, "it must be USER=TOKEN"},
		{"-addr 127.0.0.1:0 -token nobody=x", 1, `-token: there is no user "nobody", but mira.solane`},
		{"-users 1", 2, "-users must be at least 2"},
		{"-media -1", 2, "-media cannot be negative"},
		{"-save x", 2, "-save needs -data"},
		{"-strict", 2, "-strict needs -data"},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			var stdout, stderr strings.Builder
			cmd := exec.Command(binary, strings.Fields(tt.args)...)
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			var exit *exec.ExitError
			require.ErrorAs(t, cmd.Run(), &exit)
			assert.Equal(t, tt.code, exit.ExitCode())
			assert.Contains(t, stderr.String(), tt.stderr)
			assert.Equal(t, 1, strings.Count(stderr.String(), "\n"), "one line: %q", stderr.String())
			assert.Empty(t, stdout.String())
		})
	}
}

// TestGreetingWorks runs the calls that the greeting shows.
func TestGreetingWorks(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is missing: apt-get install curl, and run this test again")
	}
	dir := t.TempDir()
	for _, args := range [][]string{
		nil,
		{"-tls"},
		{"-tls", "-host", "api.instagram.com", "-cert-out", filepath.Join(dir, "the cert.pem")},
		{"-addr", "127.0.0.7:0", "-tls", "-cert-out", filepath.Join(dir, "cert.pem")},
	} {
		p := launch(t, args...)
		var calls []string
		require.Eventually(t, func() bool {
			calls = regexp.MustCompile(`curl .*\n`).FindAllString(p.stderr.String(), -1)
			return len(calls) == 2
		}, 10*time.Second, 10*time.Millisecond)
		for i, want := range []string{`"username":"mira.solane"`, `"access_token":"`} {
			out, err := exec.Command("sh", "-c", strings.TrimSpace(calls[i])+" --silent --show-error").CombinedOutput()
			require.NoError(t, err, "%s: %s", calls[i], out)
			assert.Contains(t, string(out), want)
		}
	}
}

func TestAppOfOnesOwn(t *testing.T) {
	p := launch(t, "-client-id", "mine", "-client-secret", "hush", "-token", "tilo.brandvik=his", "-token", "mira.solane=hers", "-wire", "2013")
	assert.Equal(t, []string{"mine", "hush", "his"}, []string{p.printed["client_id"], p.printed["client_secret"], p.printed["access_token"]})
	for query, username := range map[string]string{"access_token=his": "tilo.brandvik", "access_token=hers": "mira.solane"} {
		resp, err := http.Get(p.printed["url"] + "/v1/users/self?" + query)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		require.NoError(t, err)
		assert.Contains(t, string(body), username)
	}
}

func TestLog(t *testing.T) {
	p := launch(t, "-log")
	resp, err := http.Get(p.printed["url"] + "/v1/users/self?access_token=" + p.printed["access_token"])
	require.NoError(t, err)
	resp.Body.Close()
	require.NoError(t, p.Process.Signal(syscall.SIGTERM))
	require.NoError(t, p.Wait())
	lines := strings.Split(strings.TrimSpace(p.stderr.String()), "\n")
	last := lines[len(lines)-1]
	assert.Regexp(t, `^\S+Z GET /v1/users/self 200 mira\.solane \S+s$`, last)
}

func TestPrintHosts(t *testing.T) {
	out, err := exec.Command(binary, "-print-hosts", "-tls", "-host", "api.instagram.com", "-host", "www.instagram.com", "-addr", "127.0.0.5:443",
		"-cert-out", "/tmp/it.pem").CombinedOutput()
	require.NoError(t, err)
	for _, want := range []string{
		"instagramtest -tls -host api.instagram.com -host www.instagram.com -addr 127.0.0.5:443 -cert-out /tmp/it.pem\n",
		"\n  127.0.0.5 api.instagram.com www.instagram.com\n", "NODE_EXTRA_CA_CERTS=/tmp/it.pem", "SSL_CERT_FILE=/tmp/it.pem", "openssl.cafile=/tmp/it.pem",
		"keytool -importcert", "update-ca-certificates", "security add-trusted-cert", "Ruby",
	} {
		assert.Contains(t, string(out), want)
	}
}

func TestHelp(t *testing.T) {
	out, err := exec.Command(binary, "-help").CombinedOutput()
	require.NoError(t, err)
	assert.Contains(t, string(out), "A server that speaks the Instagram v1 API")
	assert.Contains(t, string(out), "-wire")
}
