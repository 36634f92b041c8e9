package instagramtest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// delivery is a notification that came to a callback.
type delivery struct {
	body      string
	signature string
	old       string // the header that v1 has
}

// webhook is a callback that answers the challenge of those who know its token, and each
// notification with the next status of a list, and then with 200.
func webhook(t *testing.T, statuses ...int) (address string, deliveries chan delivery) {
	t.Helper()
	deliveries = make(chan delivery, 100)
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			if r.URL.Query().Get("hub.verify_token") == "hush" && r.URL.Query().Get("hub.mode") == "subscribe" {
				io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			}
			return
		}
		body, _ := io.ReadAll(r.Body)
		status := http.StatusOK
		if len(statuses) > 0 {
			status, statuses = statuses[0], statuses[1:]
		}
		w.WriteHeader(status)
		deliveries <- delivery{string(body), r.Header.Get("X-Hub-Signature-256"), r.Header.Get("X-Hub-Signature")}
	}))
	t.Cleanup(at.Close)
	return at.URL, deliveries
}

// arrived waits for the next notification.
func arrived(t *testing.T, deliveries <-chan delivery) delivery {
	t.Helper()
	select {
	case d := <-deliveries:
		return d
	case <-time.After(10 * time.Second):
		require.Fail(t, "nothing came")
		return delivery{}
	}
}

func (a api) comment(media, text string) {
	a.Helper()
	require.Equal(a, 200, a.do("POST", "/media/"+media+"/comments", url.Values{"text": {text}}).status)
}

func TestGraphWebhook(t *testing.T) {
	a := today(t)
	me, other := a.srv.Users()[0], a.srv.Users()[1]
	posted := a.srv.PostMedia(me.ID, instagramtest.Media{Type: "video"})
	at, deliveries := webhook(t)
	require.ErrorContains(t, a.srv.SubscribeWebhook(at, "wrong"), "Challenge verification failed")
	require.ErrorContains(t, a.srv.SubscribeWebhook("http://93.184.216.34/", "hush"), "calls the loopback interface alone")
	require.ErrorContains(t, a.srv.SubscribeWebhook("/callback", "hush"), "absolute")
	require.NoError(t, a.srv.SubscribeWebhook(at, "hush"))
	require.NoError(t, a.srv.SubscribeWebhook(at, "hush"), "once more is the same")

	a.as(other.ID).comment(posted.ID, "So calm ✓")
	got := arrived(t, deliveries)
	mac := hmac.New(sha256.New, []byte(a.srv.ClientSecret))
	mac.Write([]byte(got.body))
	assert.Equal(t, "sha256="+hex.EncodeToString(mac.Sum(nil)), got.signature)
	assert.Empty(t, got.old)
	var notification object
	require.NoError(t, json.Unmarshal([]byte(got.body), &notification))
	entry := notification["entry"].([]any)[0].(object)
	value := entry["changes"].([]any)[0].(object)["value"].(object)
	comment := value["id"].(string)
	assert.Equal(t, object{"object": "instagram", "entry": []any{object{"id": me.ID, "time": float64(noon.Unix()), "changes": []any{object{
		"field": "comments", "value": object{"id": comment, "text": "So calm ✓", "from": object{"id": other.ID, "username": other.Username},
			"media": object{"id": numberOf(posted.ID), "media_product_type": "REELS"}},
	}}}}}, notification)

	reply := a.srv.PostReply(me.ID, comment, "It is")
	got = arrived(t, deliveries)
	assert.Contains(t, got.body, `"parent_id":"`+comment+`"`)
	assert.Contains(t, got.body, `"id":"`+reply+`"`)

	a.srv.Revoke(a.token)
	a.srv.Revoke(a.srv.AccessToken(me.ID))
	a.as(other.ID).comment(posted.ID, "nobody hears")
	a.srv.Reset()
	assert.Empty(t, deliveries, "each went out once, and nothing of who has taken the permission back")
}

// TestGraphWebhookIsSentAgain has a callback that is down for a while: the same notification comes
// until it is taken, and what came meanwhile follows in order, several entries at once.
func TestGraphWebhookIsSentAgain(t *testing.T) {
	a := today(t)
	me := a.srv.Users()[0]
	posted := a.srv.PostMedia(me.ID, instagramtest.Media{})
	at, deliveries := webhook(t, 500, 503, 302)
	require.NoError(t, a.srv.SubscribeWebhook(at, "hush"))
	writer := a.as(me.ID)
	writer.comment(posted.ID, "first")
	first := arrived(t, deliveries)
	for _, text := range []string{"second", "third"} {
		writer.comment(posted.ID, text)
	}
	for range 3 {
		assert.Equal(t, first, arrived(t, deliveries))
	}
	var rest struct {
		Entry []struct {
			Changes []struct{ Value struct{ Text string } }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(arrived(t, deliveries).body), &rest))
	require.Len(t, rest.Entry, 2)
	assert.Equal(t, "second", rest.Entry[0].Changes[0].Value.Text)
	assert.Equal(t, "third", rest.Entry[1].Changes[0].Value.Text)
}

// TestAdminGraph does by HTTP what the methods for the Graph API do.
func TestAdminGraph(t *testing.T) {
	a := today(t)
	me := a.srv.Users()[0]
	at, deliveries := webhook(t)
	a.administer("POST", "/webhooks", object{"callback_url": at, "verify_token": "hush"})
	story := a.administer("POST", "/stories", object{"user": me.Username, "type": "video"})
	assert.Equal(t, []string{numberOf(story["id"].(string))}, ids(a.object(a.graph("GET", "/me/stories"))["data"].([]any)))
	posted := a.administer("POST", "/media", object{"user": me.Username})
	a.as(me.ID).comment(posted["id"].(string), "first")
	var told struct {
		Entry []struct {
			Changes []struct{ Value struct{ ID string } }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(arrived(t, deliveries).body), &told))
	reply := a.administer("POST", "/replies", object{"user": me.ID, "comment_id": told.Entry[0].Changes[0].Value.ID, "text": "second"})
	assert.Contains(t, arrived(t, deliveries).body, `"id":"`+reply["id"].(string)+`"`)

	for path, body := range map[string]object{
		"/webhooks": {"callback_url": at, "verify_token": "wrong"},
		"/stories":  {"user": "nobody"},
		"/replies":  {"user": me.ID, "comment_id": "1"},
	} {
		assert.Equal(t, 400, a.admin("POST", path, body).status, path)
	}
}
