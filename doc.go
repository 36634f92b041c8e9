// Package instagram is a client for the Instagram v1 API: for the gateways and servers that still
// speak it, for answers recorded while it lived, and for the Graph endpoint that outlived it.
// Production of v1 was shut down on 29 June 2020.
//
// What is here, in the order in which one meets it:
//
//   - [NewClient] and the options, [WithBaseURL] and [WithAccessToken] first; [Client.WithToken] and
//     [Client.With] for other users and for single calls; [Client.Do] for what has no method
//   - the services: [UsersService], [RelationshipsService], [MediaService], [CommentsService],
//     [LikesService], [TagsService], [LocationsService], [GeographiesService],
//     [SubscriptionsService], [EmbedsService], [GraphService]
//   - lists: [Pager], [Page], [Cursor], [Watch]
//   - errors: [Error] and its sentinels, [ParameterError], [DecodeError]
//   - models: [MediaEntry], [UserInfo], [UserShortInfo], [CommentEntry], [TagInfo], [LocationInfo],
//     [RelationshipInfo]; [Model] names all of them
//   - recorded data: [Decode], [DecodePage], [DecodeAll], [Encode], [WithRecorder],
//     [RecordTo]
//   - signing in: [Client.SignIn], [Scope]; [Client.GraphSignIn], [GraphTokenSource]
//   - real time: [Webhook], [SubscriptionsService]
//   - limits and repetitions: [RetryPolicy], [NewHourlyLimiter], [NewUsageLimiter]
//   - seeing what happens: [WithLogger], [WithDebug], [WithMiddleware]
//
// # The first call
//
// A [Client] speaks to one server as one user:
//
//	client, err := instagram.NewClient(
//		instagram.WithBaseURL("https://gateway.example/v1"),
//		instagram.WithAccessToken(token),
//	)
//	user, err := client.Users.Get(ctx, instagram.Self)
//
// The endpoints are grouped as in the API's own reference, which the comment of each method names:
// [Client] lists the groups. Ids are strings, times are [time.Time] in UTC, and a place, a caption
// or a video that is not there is nil. A Client is safe for any number of goroutines.
// [Client.WithToken] derives one for another user, and [Client.SignIn] is how a user grants a
// token.
//
// # Paging
//
// A list that has pages comes as a [Pager], which asks for nothing until it is used:
//
//	for media, err := range client.Users.RecentMedia(instagram.Self, nil).All(ctx) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(media.CreatedTime, media.Likes.Count, media.Link)
//	}
//
// [Pager.Pages] goes page by page and [Pager.Next] takes one. [Page.Cursor] is a place to store,
// from which [Pager.From] goes on later; [Pager.Prefetch] fetches ahead. No page is skipped and
// none comes twice: an error leaves the pager where it was, a server that goes in circles ends in
// [ErrPaginationLoop], and of an answer's next_url only the paging parameter is used, so that the
// token stays with the host that you named.
//
// # Errors
//
// Every error of a call is an [*Error], with the endpoint, the status, the type and message of the
// answer, and the attempts made. What programs branch on are sentinels for [errors.Is], whatever
// shape the answer had: [ErrRateLimited], [ErrUnauthorized], [ErrMissingScope], [ErrNotAllowed],
// [ErrNotFound], [ErrInvalidParameters], [ErrUnavailable], [ErrInvalidResponse]. Bad input is
// refused with a [*ParameterError] before anything is sent. Nothing that is printed, logged or
// returned holds a token or the client secret.
//
// # What is repeated, and what is bounded
//
// A call that is safe to repeat is repeated when the server is overloaded, out of reach, or over
// its limits: reads, deletions, likes and changes of a relationship. A comment is sent again only
// where it certainly was not taken. [RetryPolicy] has the details; a MaxAttempts of 1 repeats
// nothing.
//
// A call is over within 3 minutes ([WithTimeout]), not counting the wait for a [Limiter], unless
// its context ends it sooner, which it does at once. An answer has at most 16 MiB
// ([WithMaxBodySize]), redirects are followed three times and never to another host. No goroutine
// outlives the call, the loop or the [Webhook] that it belongs to. [Client.RateLimit] is the hour's
// budget as the last answer told it, and [WithLimiter] keeps within it.
//
// # Recorded data
//
// The models read all three generations of the wire, 2010 to 2020, and any mixture of them, here as
// in [encoding/json]; members that they do not know stay in their Extra, and marshalling writes all
// of it in the last generation. [Decode] and [DecodePage] read one answer without a server,
// [DecodeAll] a file of any size. See [Model] for the rules.
//
// # Real time, embedding, the Graph
//
// [SubscriptionsService] subscribes to changes, [Webhook] receives them, and [Watch] yields what is
// new in a list, with or without them. [EmbedsService] is oEmbed.
//
// [GraphService] is the API that answers today, at graph.instagram.com: the Instagram API with
// Instagram Login, as of v26.0 in November 2026. [Client.GraphSignIn] gets a token for it. It reads
// a user's profile, media, comments, stories and insights, as its own models; media become those of
// v1 as well.
//
// # Testing
//
// Package [github.com/igv1/instagram/instagramtest] is a v1 server for your tests, as
// [net/http/httptest] is for HTTP: with users, media and a memory of what your program did, and
// with faults on demand.
package instagram
