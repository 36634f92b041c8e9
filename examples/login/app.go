package main

import (
	"crypto/rand"
	_ "embed"
	"errors"
	"html/template"
	"log"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/igv1/instagram"
)

const callbackPath = "/callback"

// app is the web program.
type app struct {
	http.Handler
	url     string // where users find it
	client  *instagram.Client
	signIn  *instagram.SignIn
	tokens  tokens
	problem *log.Logger
}

func newApp(client *instagram.Client, appURL string, problem *log.Logger) (*app, error) {
	signIn, err := client.SignIn(appURL + callbackPath)
	if err != nil {
		return nil, err
	}
	a := &app{url: appURL, client: client, signIn: signIn, problem: problem}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.home)
	mux.HandleFunc("GET /login", signIn.Start)
	mux.HandleFunc("GET "+callbackPath, a.callback)
	mux.HandleFunc("POST /logout", a.logout)
	// Other sites cannot send the form that signs a user out.
	a.Handler = a.atHome(http.NewCrossOriginProtection().Handler(mux))
	return a, nil
}

// atHome redirects requests for another host name of this machine, such as localhost, to the one in
// the redirect URI: a cookie of one name is not sent to the other.
func (a *app) atHome(next http.Handler) http.Handler {
	home, _ := url.Parse(a.url)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != home.Host {
			http.Redirect(w, r, a.url, http.StatusFound)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src http: https:; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		w.Header().Set("Referrer-Policy", "same-origin")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// home shows the profile and the latest pictures of whoever is signed in.
func (a *app) home(w http.ResponseWriter, r *http.Request) {
	token := a.tokens.of(r)
	if token == "" {
		a.show(w, http.StatusOK, "welcome", nil)
		return
	}
	client := a.client.WithToken(token)
	user, err := client.Users.Get(r.Context(), instagram.Self)
	if err != nil {
		a.sayWhatWentWrong(w, r, err)
		return
	}
	latest, err := client.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{Count: 12}).Next(r.Context())
	if err != nil {
		a.sayWhatWentWrong(w, r, err)
		return
	}
	a.show(w, http.StatusOK, "profile", map[string]any{"User": user, "Media": latest.Items})
}

// callback is where the server sends users back to.
func (a *app) callback(w http.ResponseWriter, r *http.Request) {
	grant, err := a.signIn.Finish(w, r)
	if err != nil {
		a.sayWhatWentWrong(w, r, err)
		return
	}
	http.SetCookie(w, a.tokens.keep(grant.Token().AccessToken))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, a.tokens.forget(r))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// sayWhatWentWrong shows users what they can do. Errors that they can do nothing about go to the
// log.
func (a *app) sayWhatWentWrong(w http.ResponseWriter, r *http.Request, err error) {
	say := func(status int, title, text string) {
		a.show(w, status, "message", map[string]string{"Title": title, "Text": text})
	}
	switch {
	case errors.Is(err, instagram.ErrDenied):
		say(http.StatusOK, "You said no", "That is fine. Nothing was shared with this page.")
	case errors.Is(err, instagram.ErrState):
		say(http.StatusBadRequest, "Please start again", "This sign-in took too long, or began in another browser.")
	case errors.Is(err, instagram.ErrInvalidCode):
		say(http.StatusBadRequest, "Please start again", "This sign-in has been used already, or is too old.")
	case errors.Is(err, instagram.ErrUnauthorized) && a.tokens.of(r) != "":
		http.SetCookie(w, a.tokens.forget(r))
		say(http.StatusForbidden, "You are signed out", "The permission that you gave this page has ended. You can give it again.")
	case errors.Is(err, instagram.ErrRateLimited):
		say(http.StatusTooManyRequests, "That was a lot", "The server asks for a break. Please try again later.")
	default:
		a.problem.Print(err)
		say(http.StatusBadGateway, "That did not work", "It is not your fault. Please try again later.")
	}
}

//go:embed pages.html
var pagesHTML string

var pages = template.Must(template.New("pages").Parse(pagesHTML))

func (a *app) show(w http.ResponseWriter, status int, page string, data any) {
	var html strings.Builder
	if err := pages.ExecuteTemplate(&html, page, data); err != nil {
		a.problem.Print(err)
		http.Error(w, "That did not work.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(html.String())) //nolint:errcheck // the browser may have closed the connection
}

// tokens holds the access tokens of the users who are signed in. The cookie of a browser has a
// random key, never the token itself.
type tokens struct {
	mu    sync.Mutex
	byKey map[string]string
}

const (
	cookieName = "login"
	maxTokens  = 1000
)

// of returns the token of the user who sent r, or "".
func (t *tokens) of(r *http.Request) string {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.byKey[cookie.Value]
}

func (t *tokens) keep(token string) *http.Cookie {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byKey == nil || len(t.byKey) >= maxTokens {
		t.byKey = map[string]string{} // the map is full: all users sign in again
	}
	key := rand.Text()
	t.byKey[key] = token
	return newCookie(key, 0)
}

func (t *tokens) forget(r *http.Request) *http.Cookie {
	if cookie, err := r.Cookie(cookieName); err == nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.byKey, cookie.Value)
	}
	return newCookie("", -1)
}

// newCookie makes a cookie for plain HTTP, which is enough on one machine. Add Secure on a site
// with HTTPS.
func newCookie(key string, age int) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: key, MaxAge: age, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
}
