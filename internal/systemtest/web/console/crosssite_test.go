package console_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// attacks are what a page of another origin can try. Each is an async function of the server's URL
// and its admin token, which is no secret for a server with a known seed. It gives what it could
// read, or throws.
const attacks = `({
	readHome: async (url) => (await fetch(url + "/")).text(),
	readHomeWithoutCORS: async (url) => (await fetch(url + "/", { mode: "no-cors" })).text(),
	readLog: async (url, token) => (await fetch(url + "/admin/requests", { headers: { Authorization: "Bearer " + token } })).text(),
	listen: (url) => new Promise((resolve, reject) => {
		const events = new EventSource(url + "/admin/requests/events");
		events.onmessage = (event) => resolve(event.data);
		events.onerror = () => reject(new Error("refused"));
	}),
	reset: async (url, token) => (await fetch(url + "/admin/reset", { method: "POST", headers: { Authorization: "Bearer " + token } })).text(),
	resetWithoutCORS: async (url) => (await fetch(url + "/admin/reset", { method: "POST", mode: "no-cors", body: "{}" })).text(),
	sendForm: (url) => new Promise((resolve) => {
		const frame = document.body.appendChild(document.createElement("iframe"));
		frame.name = "target";
		const form = document.body.appendChild(document.createElement("form"));
		Object.assign(form, { action: url + "/admin/clock", method: "POST", target: "target", enctype: "text/plain" });
		form.appendChild(Object.assign(document.createElement("input"), { name: '{"advance":"24h","x":"', value: '"}' }));
		form.submit();
		setTimeout(() => resolve(""), 500);
	}),
	frame: (url) => new Promise((resolve, reject) => {
		const frame = document.body.appendChild(document.createElement("iframe"));
		frame.src = url + "/";
		frame.onload = () => { try { resolve(frame.contentDocument.body.innerText) } catch (error) { reject(error) } };
	}),
	open: async (url) => {
		const opened = window.open(url + "/");
		await new Promise((resolve) => setTimeout(resolve, 500));
		return opened.document.body.innerText;
	},
	script: (url) => new Promise((resolve, reject) => {
		window.took = (data) => resolve(JSON.stringify(data));
		const script = document.body.appendChild(document.createElement("script"));
		script.onerror = () => reject(new Error("refused"));
		script.onload = () => reject(new Error("nothing was called"));
		script.src = url + "/admin/requests?callback=took";
	}),
	module: async (url) => JSON.stringify(Object.keys(await import(url + "/console/page.js"))),
	beacon: async (url) => { navigator.sendBeacon(url + "/admin/clock", '{"advance":"24h"}'); return "" },
})`

// TestCrossSite keeps a page of another origin from reading the log and from changing the world.
func TestCrossSite(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, "<!DOCTYPE html><title>evil</title><body>") //nolint:errcheck // the browser says if it fails
	}))
	defer evil.Close()

	srv.PostMedia(srv.Users()[0].ID, instagramtest.Media{Caption: "a secret of this world"})
	resp, err := srv.Client().Get(srv.BaseURL() + "/users/self?access_token=" + srv.AccessToken(srv.Users()[0].ID))
	require.NoError(t, err)
	resp.Body.Close()
	now := srv.Now()

	b := open(t, desktop)
	for _, name := range eval[[]string](b, `Object.keys(`+attacks+`)`) {
		b.visitOther(evil.URL)
		arguments, err := json.Marshal([]string{srv.URL, srv.AdminToken})
		require.NoError(t, err)
		read := eval[string](b, `(async () => {
			const timeout = new Promise((_, reject) => setTimeout(() => reject(new Error("nothing came")), 4000));
			try { return await Promise.race([`+attacks+`.`+name+`(...`+string(arguments)+`), timeout]) } catch (error) { return "" }
		})()`)
		assert.Empty(t, read, "%s could read", name)
	}
	assert.Equal(t, "/v1/users/self", srv.Requests()[0].Path, "the log is not reset")
	assert.Less(t, srv.Now().Sub(now), time.Hour, "the clock is not moved")

	// The same page of the server itself can do all of it, so it is the origin that makes the
	// difference.
	b.visit(srv.Console())
	assert.Contains(t, eval[string](b, `fetch("/").then(r => r.text())`), `name="session"`)
}
