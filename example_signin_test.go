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

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// exampleApp returns a client that has the credentials of the app that is registered with a server,
// and no user yet.
func exampleApp() (*instagram.Client, *instagramtest.Server) {
	server := instagramtest.NewServer(instagramtest.WithTime(noon))
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	if err != nil {
		log.Fatal(err)
	}
	return client, server
}

// A program that is no web server shows the user a URL, and gets back the one that the user ends up
// at.
func ExampleClient_SignIn() {
	client, server := exampleApp()
	defer server.Close()

	signIn, err := client.SignIn("http://localhost:8080/callback", instagram.ScopeLikes)
	if err != nil {
		log.Fatal(err)
	}
	authURL, state := signIn.AuthURL()
	callbackURL := allow(server, authURL)

	grant, err := signIn.Exchange(context.Background(), callbackURL, state)
	if err != nil {
		log.Fatal(err)
	}
	self, err := client.WithToken(grant.Token().AccessToken).Users.Get(context.Background(), instagram.Self)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(grant.User.Username, "signed in and has", self.Counts.Media, "media")
	// Output: mira.solane signed in and has 240 media
}

// allow stands for a user who opens a page and allows what it asks for.
func allow(server *instagramtest.Server, authURL string) (callbackURL string) {
	asked, err := url.Parse(authURL)
	if err != nil {
		log.Fatal(err)
	}
	redirectURI := asked.Query().Get("redirect_uri")
	back := url.Values{
		"code":  {server.AuthorizationCode("mira.solane", redirectURI)},
		"state": {asked.Query().Get("state")},
	}
	return redirectURI + "?" + back.Encode()
}

// A web program leaves the state to Start and Finish.
func ExampleSignIn_Finish() {
	client, server := exampleApp()
	defer server.Close()
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
	client, server := exampleApp()
	defer server.Close()
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
	client, server := exampleApp()
	defer server.Close()
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
	client, server := exampleApp()
	defer server.Close()
	client = client.WithToken(server.AccessToken("mira.solane", "likes"))

	_, err := client.Comments.Create(context.Background(), "1_1", "Lovely light")
	var failure *instagram.Error
	if errors.As(err, &failure) && failure.MissingScope() != "" {
		fmt.Println("ask for", failure.MissingScope(), "as well")
	}
	// Output: ask for comments as well
}
