package graph

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/oauth"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// What there is to measure, by the product and of an account. The figures are made of the likes and
// comments that the world has.
var (
	feedMetrics  = []string{"views", "reach", "likes", "comments", "saved", "shares", "total_interactions", "follows", "profile_visits", "profile_activity"}
	reelMetrics  = []string{"views", "reach", "likes", "comments", "saved", "shares", "total_interactions", "ig_reels_avg_watch_time", "ig_reels_video_view_total_time"}
	storyMetrics = []string{"views", "reach", "replies", "shares", "total_interactions", "follows", "profile_visits", "profile_activity", "navigation"}

	userMetrics = []string{
		"reach", "follower_count", "views", "accounts_engaged", "total_interactions", "likes", "comments", "saves", "shares",
		"replies", "follows_and_unfollows", "profile_links_taps", "follower_demographics",
	}
	// seriesMetrics come as a value for each day, unless the total is asked for.
	seriesMetrics = []string{"reach", "follower_count"}
)

// metrics reads the parameter metric.
func (g *call) metrics(known []string) ([]string, *apiError) {
	if !g.grant.Has(oauth.ScopeBusinessInsights) {
		return nil, errPermission
	}
	if g.params.Get("metric") == "" {
		return nil, badParameter("(#100) The parameter metric is required")
	}
	names := strings.Split(g.params.Get("metric"), ",")
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
		if !slices.Contains(known, names[i]) {
			return nil, badParameter("(#100) metric[%d] must be one of the following values: %s", i, strings.Join(known, ", "))
		}
	}
	return names, nil
}

// figure is a metric of some likes and comments.
func figure(name string, likes, comments int) int {
	switch name {
	case "likes":
		return likes
	case "comments", "replies":
		return comments
	case "total_interactions", "accounts_engaged":
		return likes + comments
	case "reach":
		return 3 * (likes + comments)
	case "views":
		return 5 * (likes + comments)
	case "ig_reels_avg_watch_time":
		return 11_900
	case "ig_reels_video_view_total_time":
		return 11_900 * 5 * (likes + comments)
	default:
		return likes / 10
	}
}

// mediaInsights answers what one media has come to.
func (g *call) mediaInsights(n node) *apiError {
	known := map[string][]string{"FEED": feedMetrics, "REELS": reelMetrics, "STORY": storyMetrics}[n.product()]
	names, failed := g.metrics(known)
	if failed != nil {
		return failed
	}
	if n.part > 0 {
		return unsupported("GET", strconv.FormatUint(n.id(), 10))
	}
	g.b = append(g.b, `{"data":`...)
	g.b = encode.List(g.b, names, func(b []byte, name string) []byte {
		value := figure(name, len(n.media.Likes), countComments(n.media))
		b = begin(b, name, "lifetime")
		b = encode.Int(append(b, `,"values":[{"value":`...), value)
		b = append(b, `}]`...)
		return end(b, name, "lifetime", n.id())
	})
	g.b = append(g.b, '}')
	return nil
}

func begin(b []byte, name, period string) []byte {
	b = encode.ASCII(append(b, `{"name":`...), name)
	return encode.ASCII(append(b, `,"period":`...), period)
}

func end(b []byte, name, period string, id uint64) []byte {
	title := strings.ToUpper(name[:1]) + strings.ReplaceAll(name[1:], "_", " ")
	b = encode.ASCII(append(b, `,"title":`...), title)
	b = encode.ASCII(append(b, `,"description":`...), "What the test server says of "+strings.ToLower(title))
	b = encode.ASCII(append(b, `,"id":`...), strconv.FormatUint(id, 10)+"/insights/"+name+"/"+period)
	return append(b, '}')
}

const daySeconds = 24 * 60 * 60

// userInsights answers what the account has come to in a span of time, the last day by default.
func (g *call) userInsights() *apiError {
	names, failed := g.metrics(userMetrics)
	if failed != nil {
		return failed
	}
	q, failed := g.readQuery(maxLimit)
	if failed != nil {
		return failed
	}
	period := g.params.Get("period")
	if !slices.Contains([]string{"day", "week", "days_28", "lifetime"}, period) {
		return badParameter("(#100) period must be one of the following values: day, week, days_28, lifetime")
	}
	until := min(q.until, g.Now().Unix())
	since := max(q.since, until-30*daySeconds)
	if q.since == math.MinInt64 {
		since = until - daySeconds
	}
	if since > until || q.since != math.MinInt64 && q.since < until-30*daySeconds {
		return badParameter("(#100) There cannot be more than 30 days between since and until")
	}
	total := g.params.Get("metric_type") == "total_value"
	for _, name := range names {
		if !total && !slices.Contains(seriesMetrics, name) {
			return badParameter("(#100) The following metrics (%s) should be specified with parameter metric_type=total_value", name)
		}
	}
	g.b = append(g.b, `{"data":`...)
	g.b = encode.List(g.b, names, func(b []byte, name string) []byte {
		b = begin(b, name, period)
		if total {
			b = g.totalValue(b, name, since, until)
		} else {
			b = g.daily(b, name, since, until)
		}
		return end(b, name, period, g.viewer.ID)
	})
	g.b = append(g.b, '}')
	return nil
}

// daily writes a value for each day of the span, with its end.
func (g *call) daily(b []byte, name string, since, until int64) []byte {
	b = append(b, `,"values":[`...)
	for at := since; at < until; at += daySeconds {
		if at > since {
			b = append(b, ',')
		}
		likes, comments := engagement(g.viewer.Media, at, at+daySeconds)
		value := figure(name, likes, comments)
		if name == "follower_count" {
			value = len(g.viewer.FollowedBy)
		}
		b = encode.Int(append(b, `{"value":`...), value)
		b = encode.TextDate(append(b, `,"end_time":`...), min(at+daySeconds, until))
		b = append(b, '}')
	}
	return append(b, ']')
}

// totalValue writes one value for all of the span, broken down if that is asked for.
func (g *call) totalValue(b []byte, name string, since, until int64) []byte {
	likes, comments := engagement(g.viewer.Media, since, until)
	value := figure(name, likes, comments)
	b = encode.Int(append(b, `,"total_value":{"value":`...), value)
	if keys := g.params.Get("breakdown"); keys != "" {
		names := strings.Split(keys, ",")
		b = append(b, `,"breakdowns":[{"dimension_keys":`...)
		b = encode.List(b, names, encode.ASCII)
		b = append(b, `,"results":[`...)
		for i, share := range []int{value - value/3, value / 3} {
			if i > 0 {
				b = append(b, ',')
			}
			values := make([]string, len(names))
			for j, key := range names {
				values[j] = strings.ToUpper(key) + "_" + strconv.Itoa(i+1)
			}
			b = append(b, `{"dimension_values":`...)
			b = encode.List(b, values, encode.ASCII)
			b = append(encode.Int(append(b, `,"value":`...), share), '}')
		}
		b = append(b, `]}]`...)
	}
	return append(b, '}')
}

// engagement counts the likes and comments of the media of a span.
func engagement(media []*world.Media, since, until int64) (likes, comments int) {
	for _, m := range media {
		if m.Created >= since && m.Created < until {
			likes += len(m.Likes)
			comments += countComments(m)
		}
	}
	return likes, comments
}
