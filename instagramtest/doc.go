// Package instagramtest is a server that speaks the Instagram v1 API, for programs and tests that
// were written for the real one. It is to the API what net/http/httptest is to HTTP.
//
//	srv := instagramtest.NewServer()
//	defer srv.Close()
//	me := srv.Users()[0]
//	resp, err := http.Get(srv.BaseURL() + "/users/self?access_token=" + srv.AccessToken(me.ID))
//
// The server holds a world made from a seed: users, some of them private, their media with captions
// in many scripts, tags, comments, likes, real places, and who follows whom. All 27 endpoints
// answer from it and change it: a like shows in the list of likes, a follow of a private user waits
// for approval. What is posted while the server runs, with [Server.PostMedia], comes on top and
// moves no page. Pictures and videos that the answers point to are there as well.
//
// It answers in the form of one of three generations of the API ([WithWire]), enforces scopes and
// limits, and, when asked to, signatures. Its clock can be moved ([Server.Advance]) and its log of
// requests read ([Server.Requests]).
//
// Beside the API is what belonged to it:
//   - Signing in, at /oauth/authorize and /oauth/access_token. Any redirect URI on the loopback
//     interface will do, unless some are registered ([WithRedirectURI]). The authorize page is a
//     form, so a program can send it itself: the parameters of the request, with user (a username or
//     an id) and decision (allow or deny). Tests have [Server.AuthorizationCode].
//   - Subscriptions, at /v1/subscriptions. What [Server.PostMedia] posts is told to the callbacks at
//     once, in order, a hundred updates at a time while a callback is slow, and up to eight times
//     within four seconds while it is down.
//   - Embedding, at /oembed, /p/{shortcode} and /p/{shortcode}/media.
//   - A user's media as the Graph API has them, at /me/media or /v26.0/{user-id}/media, and the rest
//     of the Graph that the client reads: users, children, comments, replies, stories and insights.
//     Media can be asked for since and until a time, both included: UNIX seconds, an ISO date with
//     or without a time, one like "31 August 2017", now, today, yesterday, tomorrow, and spans like
//     "-2 days" or "3 hours ago". [Server.DeleteMedia] deletes a media.
//   - Webhooks of the Graph ([Server.SubscribeWebhook]), which tell of comments and are signed with
//     X-Hub-Signature-256.
//
// # Recordings
//
// A server can have a world of your own: [WithData] and [WithDataFile] load recorded answers, of
// any generation, so that a program runs again over its own archive.
//
// # Faults
//
// [Server.Fail] makes calls go wrong, in the ways in which they do: a gateway's page, a rate limit
// in any of its shapes, a body cut off, a connection reset, a page that names itself as the next. A
// write can fail before it took effect or after:
//
//	srv.Fail("POST /media/{media-id}/comments", instagramtest.Fault{Cut: instagramtest.Drop, Effect: instagramtest.After}, 1)
//
// # The console
//
// In a browser, the server shows itself: at / who is in its world, what was asked and answered, the
// clock and the faults; at /console every call, with values of this world, as pictures and as JSON.
// [Server.Console] is the URL, and [Server.WaitForInterrupt] stops a test to look. The description
// of the API in OpenAPI 3.1 is at /openapi.json.
//
// # The program
//
// The same server runs as a program: go run github.com/igv1/instagram/cmd/instagramtest. Its flag
// -data is [WithDataFile]. What the methods of [Server] do in Go, programs in any language do by
// calls under /admin, with the header "Authorization: Bearer" and the [Server.AdminToken]. They
// take and give JSON; what goes wrong is {"error": "..."}.
//
//	GET    /admin/users                                              every User, the main one first
//	POST   /admin/tokens    {"user", "scopes"}                       {"access_token"} of a user, with all scopes if none is named
//	POST   /admin/revoke    {"access_token"}
//	POST   /admin/media     {"user", and the members of a Media}     posts it, and gives it back complete
//	DELETE /admin/media/{media-id}
//	POST   /admin/stories   {"user", and the members of a Media}     posts a story, which the Graph API shows
//	POST   /admin/replies   {"user", "comment_id", "text"}           {"id"} of a reply to a comment, which the Graph API shows
//	POST   /admin/webhooks  {"callback_url", "verify_token"}         subscribes to the comments that the Graph API tells of
//	GET    /admin/faults                                             what is still to go wrong
//	POST   /admin/faults    {"endpoint", "calls", "share", "delay",  makes calls go wrong: the next one, the next n, all
//	                         and the members of a Fault}             (-1) or a share of them; the delay reads as in "1.5s"
//	DELETE /admin/faults
//	GET    /admin/clock                                              {"now"}
//	POST   /admin/clock     {"advance"}                              moves the clock, as by "1h30m"
//	GET    /admin/requests                                           every Request, oldest first
//	GET    /admin/requests/events                                    each of them as it is answered, as Server-Sent Events
//	GET    /admin/requests/{id}?secrets=true                         one of the latest hundred, with its answer
//	POST   /admin/limits    {"access_token"}                         what is left to a token, in calls and writes
//	GET    /admin/server                                             what runs here
//	GET    /admin/world                                              some of everything in the world
//	POST   /admin/reset
package instagramtest
