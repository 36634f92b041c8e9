// Package instagramtest is a server that speaks the Instagram v1 API, for programs and tests that were written for the
// real one. It is to the API what net/http/httptest is to HTTP.
//
//	srv := instagramtest.NewServer()
//	defer srv.Close()
//	me := srv.Users()[0]
//	resp, err := http.Get(srv.BaseURL() + "/users/self?access_token=" + srv.AccessToken(me.ID))
//
// The server holds a world made from a seed: users, some of them private, their media with captions in many scripts,
// tags, comments, likes, real places, and who follows whom. All 27 endpoints answer from it and change it: a like shows
// in the list of likes, a follow of a private user waits for approval. What is posted while the server runs, with
// [Server.PostMedia], comes on top and moves no page. Pictures and videos that the answers point to are there as well.
//
// It answers in the form of one of three generations of the API ([WithWire]), enforces scopes and limits, and, when
// asked to, signatures. Its clock can be moved ([Server.Advance]) and its log of requests read ([Server.Requests]).
//
// The same server runs as a program: go run github.com/igv1/instagram/cmd/instagramtest.
package instagramtest
