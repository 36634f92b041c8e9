package instagram_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// A program that is no web server shows the user a URL, and gets back the one that the user ends up
// at.
func ExampleClient_SignIn() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	if err != nil {
		log.Fatal(err)
	}

	signIn, err := client.SignIn("http://localhost:8080/callback", instagram.ScopeLikes)
	if err != nil {
		log.Fatal(err)
	}
	authURL, state := signIn.AuthURL()
	fmt.Println("open", strings.TrimPrefix(authURL[:strings.Index(authURL, "?")], server.URL))
	// The user opens the page, allows what it asks for, and comes back with a code.
	code := server.AuthorizationCode("mira.solane", "http://localhost:8080/callback")
	callbackURL := "http://localhost:8080/callback?" + url.Values{"code": {code}, "state": {state}}.Encode()

	grant, err := signIn.Exchange(context.Background(), callbackURL, state)
	if err != nil {
		log.Fatal(err)
	}
	self, err := client.WithToken(grant.Token().AccessToken).Users.Get(context.Background(), instagram.Self)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(grant.User.Username, "signed in and has", self.Counts.Media, "media")
	// Output:
	// open /oauth/authorize
	// mira.solane signed in and has 240 media
}

// A web program leaves the state to Start and Finish.
func ExampleSignIn_Finish() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	if err != nil {
		log.Fatal(err)
	}
	signIn, err := client.SignIn("http://localhost:8080/callback")
	if err != nil {
		log.Fatal(err)
	}

	http.HandleFunc("/login", signIn.Start)
	http.HandleFunc("/callback", func(w http.ResponseWriter, r *http.Request) {
		grant, err := signIn.Finish(w, r)
		var denied *instagram.DeniedError
		switch {
		case errors.As(err, &denied):
			fmt.Fprintln(w, "You said no. That is fine.")
		case errors.Is(err, instagram.ErrState), errors.Is(err, instagram.ErrInvalidCode):
			http.Redirect(w, r, "/login", http.StatusFound)
		case err != nil:
			log.Print(err) // it holds no secret
			http.Error(w, "That did not work.", http.StatusBadGateway)
		default:
			// Keep grant.Token().AccessToken with what you keep of the user.
			fmt.Fprintln(w, "Hello,", grant.User.FullName)
		}
	})
}

// The implicit flow brings the token in the fragment of the callback.
func ExampleSignIn_ParseImplicit() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	if err != nil {
		log.Fatal(err)
	}
	signIn, err := client.SignIn("http://localhost:8080/app")
	if err != nil {
		log.Fatal(err)
	}
	_, state := signIn.ImplicitURL()

	_, err = signIn.ParseImplicit("http://localhost:8080/app#error=access_denied&error_reason=user_denied&state="+state, state)
	var denied *instagram.DeniedError
	if errors.As(err, &denied) {
		fmt.Println("no:", denied.Reason)
	}
	_, err = signIn.ParseImplicit("http://localhost:8080/app#access_token=7.forged&state=made-up", state)
	fmt.Println(errors.Is(err, instagram.ErrState))

	grant, err := signIn.ParseImplicit("http://localhost:8080/app#access_token=7.fb2e77d.47a04799&state="+state, state)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(grant.Token().Valid())
	// Output:
	// no: user_denied
	// true
	// true
}

// One client for all users: derive another for each token, as often as you like.
func ExampleClient_WithToken() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	if err != nil {
		log.Fatal(err)
	}
	tokens := map[string]string{} // what a program keeps of its users
	for _, user := range server.Users()[:2] {
		tokens[user.Username] = server.AccessToken(user.Username)
	}

	for _, name := range slices.Sorted(maps.Keys(tokens)) {
		self, err := client.WithToken(tokens[name]).Users.Get(context.Background(), instagram.Self)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(self.FullName, self.Counts.Media)
	}
	// Output:
	// Mira Solane 240
	// Tilo Brandvik 87
}

// A call that needs a scope which the user did not grant names it.
func ExampleError_MissingScope() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	if err != nil {
		log.Fatal(err)
	}
	client = client.WithToken(server.AccessToken("mira.solane", "likes"))

	_, err = client.Comments.Create(context.Background(), "1_1", "Lovely light")
	var failure *instagram.Error
	if errors.As(err, &failure) && failure.MissingScope() != "" {
		fmt.Println("ask for", failure.MissingScope(), "as well")
	}
	// Output: ask for comments as well
}
