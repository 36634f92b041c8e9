package instagram

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// A GraphMetric is something that the Graph counts. Those that are not named here can be asked for
// too, by the Graph's name.
type GraphMetric string

// The metrics, as of v26.0 in July 2026. Which of them a media has is up to its product; the Graph
// refuses a call that asks for another one.
const (
	GraphMetricViews                       GraphMetric = "views"
	GraphMetricReach                       GraphMetric = "reach" // accounts that saw it
	GraphMetricLikes                       GraphMetric = "likes"
	GraphMetricComments                    GraphMetric = "comments"
	GraphMetricSaved                       GraphMetric = "saved" // of a media
	GraphMetricSaves                       GraphMetric = "saves" // of an account
	GraphMetricShares                      GraphMetric = "shares"
	GraphMetricReplies                     GraphMetric = "replies" // to stories
	GraphMetricTotalInteractions           GraphMetric = "total_interactions"
	GraphMetricFollows                     GraphMetric = "follows"
	GraphMetricProfileVisits               GraphMetric = "profile_visits"
	GraphMetricProfileActivity             GraphMetric = "profile_activity"
	GraphMetricNavigation                  GraphMetric = "navigation"                     // within stories
	GraphMetricReelsAverageWatchTime       GraphMetric = "ig_reels_avg_watch_time"        // milliseconds
	GraphMetricReelsTotalWatchTime         GraphMetric = "ig_reels_video_view_total_time" // milliseconds
	GraphMetricAccountsEngaged             GraphMetric = "accounts_engaged"               // of an account, as those below
	GraphMetricFollowerCount               GraphMetric = "follower_count"                 // new ones, day by day
	GraphMetricFollowsAndUnfollows         GraphMetric = "follows_and_unfollows"
	GraphMetricProfileLinksTaps            GraphMetric = "profile_links_taps"
	GraphMetricOnlineFollowers             GraphMetric = "online_followers"              // by hour: see [GraphValue.ByKey]
	GraphMetricFollowerDemographics        GraphMetric = "follower_demographics"         // broken down
	GraphMetricEngagedAudienceDemographics GraphMetric = "engaged_audience_demographics" // broken down
	GraphMetricReachedAudienceDemographics GraphMetric = "reached_audience_demographics" // broken down
	GraphMetricTotalThreadsTaps            GraphMetric = "total_threads_taps"
)

// A GraphPeriod is how long the time is that a figure is for.
type GraphPeriod string

// The periods of insights.
const (
	GraphPeriodDay      GraphPeriod = "day"
	GraphPeriodWeek     GraphPeriod = "week"
	GraphPeriodDays28   GraphPeriod = "days_28"
	GraphPeriodLifetime GraphPeriod = "lifetime" // all of it; the only one of media
)

// GraphInsightOptions say what [GraphService.Insights] shall tell.
type GraphInsightOptions struct {
	Metrics []GraphMetric // at least one

	Period     GraphPeriod // of an account, which must have one
	TotalValue bool        // one figure for the whole time, which most metrics of an account must be asked for
	Breakdowns []string    // what to break a total down by, such as media_product_type, follow_type, country
	Timeframe  string      // of demographics, such as this_month

	// The time that an account's figures are of: at most 30 days, and the last one or two by
	// default.
	Since, Until GraphTime
}

// GraphInsight is one metric of a media or an account. It has Values, or a TotalValue.
type GraphInsight struct {
	Name        GraphMetric
	Period      GraphPeriod
	Title       string // in the language of the user
	Description string // in the language of the user
	ID          string
	Values      []GraphValue
	TotalValue  *GraphTotal

	Extra map[string]json.RawMessage
}

// GraphValue is a figure, of the time that ends with EndTime or of all time.
type GraphValue struct {
	Value   float64
	EndTime time.Time

	Extra map[string]json.RawMessage
}

// ByKey returns the figures of a metric that has several at a time, such as
// [GraphMetricOnlineFollowers] by the hour of the day. It is nil for one that has a single figure.
func (v GraphValue) ByKey() map[string]float64 {
	var figures map[string]float64
	if json.Unmarshal(v.Extra["value"], &figures) != nil {
		return nil
	}
	return figures
}

// GraphTotal is one figure of a whole time, and what it is made of.
type GraphTotal struct {
	Value      float64
	Breakdowns []GraphBreakdown

	Extra map[string]json.RawMessage
}

// GraphBreakdown is a figure broken down by one thing, or by several at once.
type GraphBreakdown struct {
	DimensionKeys []string // by what
	Results       []GraphBreakdownResult

	Extra map[string]json.RawMessage
}

// GraphBreakdownResult is a part of a figure.
type GraphBreakdownResult struct {
	DimensionValues []string // one for each of the keys
	Value           float64
	EndTime         time.Time

	Extra map[string]json.RawMessage
}

// Insights tells what a media, or for the id of a user or [Self] an account, has come to. It needs
// [GraphScopeBusinessInsights]. Figures may be two days late; a metric that the Graph has no figures for
// is missing, or there without any. Stories have insights for 24 hours, and not with fewer than
// five viewers, for which the error has the code 10 of a missing permission.
//
// Graph API: GET /{media-id}/insights and GET /{user-id}/insights
func (s *GraphService) Insights(ctx context.Context, id string, opts *GraphInsightOptions) ([]*GraphInsight, error) {
	o := value(opts)
	call := s.api.call(http.MethodGet, "/{id}/insights", graphID(id)).
		set("period", string(o.Period)).set("timeframe", o.Timeframe).set("breakdown", strings.Join(o.Breakdowns, ","))
	if o.TotalValue {
		call.set("metric_type", "total_value")
	}
	names := make([]string, len(o.Metrics))
	for i, metric := range o.Metrics {
		names[i] = string(metric)
		if metric == "" || strings.ContainsAny(names[i], ", \t\r\n") {
			call.refuse("metric", "%q is no metric", metric)
		}
	}
	call.require("metric", strings.Join(names, ","))
	call.span(o.Since, o.Until)
	return getList[GraphInsight](ctx, s.core, call)
}

// graphID is how the Graph names a user or what is theirs.
func graphID(id string) string {
	if id == Self {
		return "me"
	}
	return id
}
