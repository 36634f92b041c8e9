// Package fleet shares the hourly budgets of access tokens between any number of processes on any
// number of machines, over NATS JetStream.
//
// A token has 5,000 calls an hour, whoever makes them. A [Limiter] is an [instagram.Limiter] that
// keeps to it together with all others on the same bucket:
//
//	limiter, err := fleet.NewLimiter(js, fleet.Limits{})
//	...
//	defer limiter.Close(context.Background())
//	client, err := instagram.NewClient(
//		instagram.WithAccessToken(token),
//		instagram.WithLimiter(limiter),
//	)
//
// Tokens are known to NATS by [instagram.LimiterRequest.Holder], which does not give them away.
//
// The program igharvest, in cmd/igharvest, reads many accounts with it. How it all works, and what
// it carries, is in docs/fleet.md.
package fleet
