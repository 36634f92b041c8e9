package instagram_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

const oneComment = `{"object":"instagram","entry":[{"id":"17841400000000001","time":1700000000,"changes":[{"field":"comments",
	"value":{"id":"17865799348089039","text":"First snow!","from":{"id":"901","username":"ada"},"media":{"id":"17900000000000001","media_product_type":"FEED"}}}]}]}`

// sendGraph posts a body with the signature of today, and returns the status.
func sendGraph(hook http.Handler, body string) int {
	r := httptest.NewRequest(http.MethodPost, "/callback", strings.NewReader(body))
	r.Header.Set("X-Hub-Signature-256", signed256(body))
	w := httptest.NewRecorder()
	hook.ServeHTTP(w, r)
	return w.Code
}

func graphWebhook(t *testing.T, handle func(*instagram.GraphUpdate)) *instagram.Webhook {
	t.Helper()
	return newWebhook(t, instagram.WebhookOptions{HandleGraph: func(_ context.Context, u *instagram.GraphUpdate) { handle(u) }})
}

// The notifications that the documentation shows, with and without changes around the field and the
// value, in a list or not.
func TestWebhookGraphUpdates(t *testing.T) {
	at := time.Unix(1700000000, 0).UTC()
	comment := instagram.GraphUpdate{
		Object: "instagram", AccountID: "17841400000000001", Time: at, Field: instagram.GraphUpdateComments,
		Value: instagram.GraphUpdateValue{
			ID: "17865799348089039", Text: "First snow!", From: instagram.GraphUpdateUser{ID: "901", Username: "ada"},
			Media: instagram.GraphUpdateMedia{ID: "17900000000000001", ProductType: "FEED"},
		},
	}
	tests := map[string]struct {
		body string
		want []instagram.GraphUpdate
	}{
		"a comment":              {oneComment, []instagram.GraphUpdate{comment}},
		"in a list":              {"[" + oneComment + "]", []instagram.GraphUpdate{comment}},
		"with Instagram Login":   {strings.NewReplacer(`"changes":[{`, "", "}}}]}]}", "}}}]}").Replace(oneComment), []instagram.GraphUpdate{comment}},
		"numbers for strings":    {strings.NewReplacer(`"17841400000000001"`, "17841400000000001", `"901"`, "901", `1700000000`, `"1700000000"`).Replace(oneComment), []instagram.GraphUpdate{comment}},
		"a time in milliseconds": {strings.Replace(oneComment, `1700000000,`, `1700000000000,`, 1), []instagram.GraphUpdate{comment}},
		"a reply to a comment on an ad": {
			`{"object":"instagram","entry":[{"id":"1","time":1700000000,"changes":[{"field":"live_comments","value":{"id":"5","parent_id":"4","text":"",
				"from":{"id":"901","username":"ada","self_ig_scoped_id":"77"},
				"media":{"id":"6","media_product_type":"AD","ad_id":"8","ad_title":"Sledges","original_media_id":"9"}}}]}]}`,
			[]instagram.GraphUpdate{{
				Object: "instagram", AccountID: "1", Time: at, Field: instagram.GraphUpdateLiveComments,
				Value: instagram.GraphUpdateValue{
					ID: "5", ParentID: "4",
					From:  instagram.GraphUpdateUser{ID: "901", Username: "ada", Extra: map[string]json.RawMessage{"self_ig_scoped_id": json.RawMessage(`"77"`)}},
					Media: instagram.GraphUpdateMedia{ID: "6", ProductType: "AD", AdID: "8", AdTitle: "Sledges", OriginalMediaID: "9"},
					Extra: map[string]json.RawMessage{"text": json.RawMessage(`""`)},
				},
			}},
		},
		"entry before object, changes before id": {
			`{"entry":[{"changes":[{"field":"story_insights","value":{"media_id":"18","impressions":28,"reach":17,"taps_forward":12,"taps_back":0,"exits":-1,"replies":3}}],
				"id":"1","time":1700000000}],"object":"instagram"}`,
			[]instagram.GraphUpdate{{
				Object: "instagram", AccountID: "1", Time: at, Field: instagram.GraphUpdateStoryInsights,
				Value: instagram.GraphUpdateValue{
					MediaID: "18", Impressions: 28, Reach: 17, TapsForward: 12, Exits: -1, Replies: 3,
					Extra: map[string]json.RawMessage{"taps_back": json.RawMessage("0")},
				},
			}},
		},
		"two entries, three changes, unknown members": {
			`{"object":"instagram","entry":[
				{"id":"1","time":1700000000,"hop":2,"changes":[{"field":"mentions","value":{"media_id":"7","comment_id":"8"}},{"field":"mentions","value":{"media_id":"9"},"hop":1}]},
				{"id":"2","time":1700000000,"changes":[{"field":"story_reactions","value":{"emoji":"*"}}]}]}`,
			[]instagram.GraphUpdate{
				{Object: "instagram", AccountID: "1", Time: at, Field: instagram.GraphUpdateMentions, Extra: map[string]json.RawMessage{"hop": json.RawMessage("2")},
					Value: instagram.GraphUpdateValue{MediaID: "7", CommentID: "8"}},
				{Object: "instagram", AccountID: "1", Time: at, Field: instagram.GraphUpdateMentions, Extra: map[string]json.RawMessage{"hop": json.RawMessage("1")},
					Value: instagram.GraphUpdateValue{MediaID: "9"}},
				{Object: "instagram", AccountID: "2", Time: at, Field: "story_reactions",
					Value: instagram.GraphUpdateValue{Extra: map[string]json.RawMessage{"emoji": json.RawMessage(`"*"`)}}},
			},
		},
		"messages": {
			`{"object":"instagram","entry":[{"id":"1","time":1700000000123,"messaging":[{"sender":{"id":"5"},"message":{"mid":"m","text":"hi"}},{"read":{"mid":"m"}}]}]}`,
			[]instagram.GraphUpdate{
				{Object: "instagram", AccountID: "1", Time: at.Add(123 * time.Millisecond), Field: instagram.GraphUpdateMessaging,
					Value: instagram.GraphUpdateValue{Extra: map[string]json.RawMessage{"sender": json.RawMessage(`{"id":"5"}`), "message": json.RawMessage(`{"mid":"m","text":"hi"}`)}}},
				{Object: "instagram", AccountID: "1", Time: at.Add(123 * time.Millisecond), Field: instagram.GraphUpdateMessaging,
					Value: instagram.GraphUpdateValue{Extra: map[string]json.RawMessage{"read": json.RawMessage(`{"mid":"m"}`)}}},
			},
		},
		"no values": {
			`{"object":"instagram","entry":[{"id":"1","time":1700000000,"changed_fields":["comments"]}]}`,
			[]instagram.GraphUpdate{{Object: "instagram", AccountID: "1", Time: at, Extra: map[string]json.RawMessage{"changed_fields": json.RawMessage(`["comments"]`)}}},
		},
		"a value that is no object": {
			`{"object":"instagram","entry":[{"id":"1","time":1700000000,"changes":[{"field":"odd","value":[1, 2]}]}]}`,
			[]instagram.GraphUpdate{{Object: "instagram", AccountID: "1", Time: at, Field: "odd", Extra: map[string]json.RawMessage{"value": json.RawMessage("[1,2]")}}},
		},
		"a repeat in the body": {`[` + oneComment + `,` + strings.Replace(oneComment, "1700000000", "1700000005", 1) + `]`, []instagram.GraphUpdate{comment}},
		"no entries":           {`{"object":"instagram","entry":[]}`, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []instagram.GraphUpdate
			hook := graphWebhook(t, func(u *instagram.GraphUpdate) { got = append(got, *u) })
			require.Equal(t, 200, sendGraph(hook, tt.body))
			require.NoError(t, hook.Shutdown(t.Context()))
			assert.Equal(t, tt.want, got)
			for _, u := range got {
				text, err := json.Marshal(u)
				require.NoError(t, err)
				var again instagram.GraphUpdate
				require.NoError(t, json.Unmarshal(text, &again))
				assert.Equal(t, u, again, "%s", text)
			}
		})
	}
}

func TestWebhookGraphBadBodies(t *testing.T) {
	for name, body := range map[string]string{
		"no object":          `{"entry":[{"id":"1"}]}`,
		"no account":         `{"object":"instagram","entry":[{"time":1}]}`,
		"a null":             `{"object":"instagram","entry":[null]}`,
		"no list of entries": `{"object":"instagram","entry":{"id":"1"}}`,
		"no list of changes": `{"object":"instagram","entry":[{"id":"1","changes":{}}]}`,
		"a time in words":    `{"object":"instagram","entry":[{"id":"1","time":"yesterday"}]}`,
		"a time far away":    `{"object":"instagram","entry":[{"id":"1","time":1e99}]}`,
		"reach in words":     `{"object":"instagram","entry":[{"id":"1","changes":[{"field":"story_insights","value":{"reach":"far"}}]}]}`,
		"cut off":            oneComment[:60],
		"two":                oneComment + oneComment,
		"an update of v1":    oneUpdate,
		"both":               `[` + oneComment + `,` + oneUpdate[1:],
	} {
		t.Run(name, func(t *testing.T) {
			hook := graphWebhook(t, func(*instagram.GraphUpdate) { t.Error("nothing of it is delivered") })
			assert.Equal(t, 400, sendGraph(hook, body))
			require.NoError(t, hook.Shutdown(t.Context()))
		})
	}
	hook := newWebhook(t, instagram.WebhookOptions{Updates: make(chan *instagram.Update, 9)})
	assert.Equal(t, 400, sendGraph(hook, oneComment), "there is no HandleGraph")
}

// One webhook can take the updates of both.
func TestWebhookOfBoth(t *testing.T) {
	var got []string
	hook := newWebhook(t, instagram.WebhookOptions{
		Handle:      func(_ context.Context, u *instagram.Update) { got = append(got, string(u.Object)+" "+u.ObjectID) },
		HandleGraph: func(_ context.Context, u *instagram.GraphUpdate) { got = append(got, string(u.Field)+" "+u.Value.ID) },
	})
	for range 3 { // each of them is known after that
		assert.Equal(t, 200, send(hook, oneUpdate))
		assert.Equal(t, 200, sendGraph(hook, oneComment))
		assert.Equal(t, 200, sendGraph(hook, strings.Replace(oneComment, "1700000000", "1700000009", 1)), "at a later time")
		assert.Equal(t, 200, sendGraph(hook, `[`+strings.Replace(oneComment, "snow", "rain", 1)+`,`+oneUpdate[1:]))
	}
	require.NoError(t, hook.Shutdown(t.Context()))
	assert.Equal(t, []string{"user 1234", "comments 17865799348089039", "comments 17865799348089039"}, got)
}

// Without values, updates of two times are two.
func TestWebhookGraphRepeatsWithoutValues(t *testing.T) {
	n := 0
	hook := graphWebhook(t, func(*instagram.GraphUpdate) { n++ })
	for _, at := range []int{5, 5, 6, 0, 0} {
		body := fmt.Sprintf(`{"object":"instagram","entry":[{"id":"1","time":%d}]}`, at)
		if at == 0 {
			body = `{"object":"instagram","entry":[{"id":"1"}]}`
		}
		assert.Equal(t, 200, sendGraph(hook, body))
	}
	require.NoError(t, hook.Shutdown(t.Context()))
	assert.Equal(t, 4, n)
}

// Updates of the Graph are told at Shutdown and after panics as those of v1 are.
func TestWebhookGraphUndelivered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines strings.Builder
		hook := newWebhook(t, instagram.WebhookOptions{
			Logger: slog.New(slog.NewTextHandler(&lines, nil)),
			HandleGraph: func(ctx context.Context, u *instagram.GraphUpdate) {
				if u.Value.ID == "0" {
					panic("no snow")
				}
				<-ctx.Done()
			},
		})
		for i := range 4 {
			require.Equal(t, 200, sendGraph(hook, strings.Replace(oneComment, "17865799348089039", fmt.Sprint(i), 1)))
		}
		synctest.Wait()
		assert.EqualValues(t, 1, hook.Panics())
		assert.Contains(t, lines.String(), "update.object=instagram update.id=17841400000000001 update.field=comments")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var undelivered *instagram.UndeliveredError
		require.ErrorAs(t, hook.Shutdown(ctx), &undelivered)
		assert.Empty(t, undelivered.Updates)
		require.Len(t, undelivered.GraphUpdates, 2)
		assert.Equal(t, "2", undelivered.GraphUpdates[0].Value.ID)
		assert.EqualError(t, undelivered, "instagram: webhook: 2 updates not delivered, 1 being handled: context deadline exceeded")
	})
}
