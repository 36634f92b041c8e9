package instagram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// benchmarkPage is a page of media as the API sent it about 2014, of some 100 kB: compact, with a
// few comments and likes in each media, and with slashes escaped. Without slashes it has none of
// those escapes.
func benchmarkPage(slashes bool) []byte {
	words := strings.Fields("harbour lantern fog morning quiet gulls rope tide stone window paper kettle")
	word := func(n int) string { return words[n%len(words)] }
	sentence := func(from, n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(word(from+i*i) + " ")
		}
		return b.String() + `\ud83c\udf0a`
	}
	user := func(n int) string {
		return fmt.Sprintf(`{"username":"%s_%s%d","profile_picture":"https:\/\/images.example\/hphotos-ak-xfa1\/t51.2885-19\/10%06d_15%08d_1371293844_a.jpg","id":"%d","full_name":"%s %s"}`,
			word(n), word(n*7), n%90, 1000+n, n*7919, 200001000+n, word(n*3), word(n*5))
	}
	image := func(name string, n, size int) string {
		return fmt.Sprintf(`"%s":{"url":"https:\/\/images.example\/hphotos-ak-xaf1\/t51.2885-15\/e15\/10%06d_765432%06d_1234567%d_n.jpg","width":%d,"height":%d}`,
			name, n, n*31, size, size, size)
	}
	list := func(n int, element func(int) string) string {
		elements := make([]string, n)
		for i := range elements {
			elements[i] = element(i)
		}
		return "[" + strings.Join(elements, ",") + "]"
	}
	page := `{"pagination":{"next_url":"https:\/\/api.example\/v1\/users\/200001007\/media\/recent?max_id=900000000000000033_200001007","next_max_id":"900000000000000033_200001007"},"meta":{"code":200},"data":` +
		list(33, func(n int) string {
			at := 1400000000 + n*5000
			return `{"attribution":null,"tags":` + list(n%9, func(i int) string { return `"` + word(n+i) + word(i) + `"` }) +
				fmt.Sprintf(`,"location":{"latitude":%d.77956816727314,"name":"%s Quay","longitude":-%d.41387367248539,"id":"%d"}`, n, word(n), 3*n, 5000+n) +
				`,"comments":{"count":16,"data":` + list(n%6, func(i int) string {
				return fmt.Sprintf(`{"created_time":"%d","text":"%s","from":%s,"id":"%d"}`, at+i, sentence(n+i, 4+n%13), user(n*10+i), 710000000000000000+int64(n*100+i))
			}) + fmt.Sprintf(`},"filter":"Valencia","created_time":"%d","link":"https:\/\/pages.example\/p\/mE%dvRkq\/"`, at, n) +
				fmt.Sprintf(`,"likes":{"count":%d,"data":`, 100+n) + list(n%5, func(i int) string { return user(n*5 + i) }) +
				`},"images":{` + image("low_resolution", n, 306) + `,` + image("thumbnail", n, 150) + `,` + image("standard_resolution", n, 612) +
				`},"users_in_photo":` + list(n%3, func(i int) string {
				return fmt.Sprintf(`{"position":{"y":0.%d,"x":0.5},"user":%s}`, 1+n+i, user(n+i))
			}) + fmt.Sprintf(`,"caption":{"created_time":"%d","text":"%s\n#%s #%s","from":%s,"id":"%d"}`, at, sentence(n, 10+n), word(n), word(n+3), user(7), 720000000000000000+int64(n)) +
				fmt.Sprintf(`,"type":"image","id":"%d_200001007","user":%s,"user_has_liked":false}`, 900000000000000000+int64(n), user(7))
		}) + `}`
	if !slashes {
		page = strings.ReplaceAll(page, `\/`, `/`)
	}
	return []byte(page)
}

// BenchmarkDecode puts the ways to read one page side by side: this package, encoding/json into
// plain structs of the same members, and jsontext passing over the tokens and keeping none.
func BenchmarkDecode(b *testing.B) {
	for _, slashes := range []string{"plain", "escaped"} {
		page := benchmarkPage(slashes == "escaped")
		run := func(by string, read func() error) {
			b.Run("slashes="+slashes+"/by="+by, func(b *testing.B) { benchmarkRead(b, len(page), read) })
		}
		run("instagram", func() error {
			_, err := decodeList[MediaEntry](page, false)
			return err
		})
		run("encoding-json", func() error { return json.Unmarshal(page, new(plainPage)) })
		tokens := jsontext.NewDecoder(new(bytes.Buffer))
		run("tokens", func() error { return passTokens(tokens, page) })
	}
}

// passTokens passes over the tokens of a page and keeps none.
func passTokens(tokens *jsontext.Decoder, page []byte) error {
	tokens.Reset(bytes.NewBuffer(page))
	for {
		if _, err := tokens.ReadToken(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// BenchmarkRecentMedia does the same over loopback HTTP, from the call to the models: the client,
// net/http with encoding/json, net/http reading the body and throwing it away, alone and with the
// decoder at work on the same page from memory. The last is what a client cannot be faster than:
// between two calls that have something to do, the threads of the server and of net/http go to
// sleep, and to wake them takes time that two calls in a row do not take.
func BenchmarkRecentMedia(b *testing.B) {
	page := benchmarkPage(false)
	client, get := benchmarkServer(b, page)
	run := func(by string, read func() error) {
		b.Run("by="+by, func(b *testing.B) { benchmarkRead(b, len(page), read) })
	}
	run("instagram", func() error {
		_, err := client.Users.RecentMedia(Self, nil).Next(b.Context())
		return err
	})
	run("encoding-json", func() error {
		return get(func(body io.Reader) error { return json.NewDecoder(body).Decode(new(plainPage)) })
	})
	discard := func() error { return get(discardBody) }
	run("discard", discard)
	run("discard+decode", func() error {
		if err := discard(); err != nil {
			return err
		}
		_, err := decodeList[MediaEntry](page, false)
		return err
	})
}

// BenchmarkGoroutines makes the same calls from 64 goroutines: by the client, and by net/http with
// encoding/json, once with the transport of this package and once with that of net/http, which keeps
// two connections to a host.
func BenchmarkGoroutines(b *testing.B) {
	client, get := benchmarkServer(b, benchmarkPage(false))
	run := func(by string, read func() error) {
		b.Run("by="+by, func(b *testing.B) {
			b.SetParallelism(max(1, 64/runtime.GOMAXPROCS(0)))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := read(); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
	plain := func(body io.Reader) error { return json.NewDecoder(body).Decode(new(plainPage)) }
	run("instagram", func() error {
		_, err := client.Users.RecentMedia(Self, nil).Next(b.Context())
		return err
	})
	run("encoding-json", func() error { return get(plain) })
	_, get = benchmarkServerBy(b, benchmarkPage(false), &http.Client{Transport: new(http.Transport)})
	run("encoding-json/transport=net-http", func() error { return get(plain) })
}

// benchmarkToken looks as those of the API did.
const benchmarkToken = "200001007.f59def8.6b1c0d3e9f7a42588c41d0e6f3a7b92c"

// benchmarkServer returns a client of a server that sends a page, and a request of it by net/http.
func benchmarkServer(b *testing.B, page []byte) (*Client, func(use func(io.Reader) error) error) {
	return benchmarkServerBy(b, page, &http.Client{Transport: NewTransport()})
}

func benchmarkServerBy(b *testing.B, page []byte, httpClient *http.Client) (*Client, func(use func(io.Reader) error) error) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(page)))
		w.Header().Set("X-Ratelimit-Limit", "5000")
		w.Header().Set("X-Ratelimit-Remaining", "4999")
		_, _ = w.Write(page)
	}))
	b.Cleanup(server.Close)
	b.Cleanup(httpClient.CloseIdleConnections)
	client, err := NewClient(WithBaseURL(server.URL), WithAccessToken(benchmarkToken), WithHTTPClient(httpClient))
	require.NoError(b, err)
	return client, func(use func(io.Reader) error) error {
		res, err := httpClient.Get(server.URL + "/users/self/media/recent?access_token=" + benchmarkToken)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		return use(res.Body)
	}
}

func discardBody(body io.Reader) error {
	_, err := io.Copy(io.Discard, body)
	return err
}

// BenchmarkMarshal writes the media of a page in the canonical generation.
func BenchmarkMarshal(b *testing.B) {
	page, err := decodeList[MediaEntry](benchmarkPage(false), false)
	require.NoError(b, err)
	var plain plainPage
	require.NoError(b, json.Unmarshal(benchmarkPage(false), &plain))
	b.Run("by=instagram", func(b *testing.B) {
		benchmarkRead(b, 0, func() error {
			for _, media := range page.Items {
				if _, err := media.MarshalJSON(); err != nil {
					return err
				}
			}
			return nil
		})
	})
	b.Run("by=encoding-json", func(b *testing.B) {
		benchmarkRead(b, 0, func() error {
			_, err := json.Marshal(plain.Data)
			return err
		})
	})
}

// BenchmarkDecodeAll walks an archive of a hundred pages, one a line.
func BenchmarkDecodeAll(b *testing.B) {
	archive := bytes.Repeat(append(benchmarkPage(true), '\n'), 100)
	benchmarkRead(b, len(archive), func() error {
		for _, err := range DecodeAll[MediaEntry](bytes.NewReader(archive)) {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func benchmarkRead(b *testing.B, size int, read func() error) {
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if err := read(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkKeptMedia reports the memory of a media that is kept of a page of the test server's, its
// strings and all: one of each page, and all of them.
func BenchmarkKeptMedia(b *testing.B) {
	server := instagramtest.NewServer()
	defer server.Close()
	url := server.BaseURL() + "/users/self/media/recent?count=20&access_token=" + server.AccessToken(server.Users()[0].ID)
	res, err := server.Client().Get(url)
	require.NoError(b, err)
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	require.NoError(b, err)
	const pages = 400
	for name, kept := range map[string]func([]*MediaEntry) []*MediaEntry{
		"one-of-20": func(page []*MediaEntry) []*MediaEntry { return page[7:8] },
		"all":       func(page []*MediaEntry) []*MediaEntry { return page },
	} {
		b.Run("kept="+name, func(b *testing.B) {
			for b.Loop() {
				var list []*MediaEntry
				before := liveHeapBytes()
				for range pages {
					answer, err := decodeList[MediaEntry](page, false)
					require.NoError(b, err)
					require.Len(b, answer.Items, 20)
					list = append(list, kept(answer.Items)...)
				}
				b.ReportMetric(float64(liveHeapBytes()-before)/float64(len(list)), "B/kept")
				runtime.KeepAlive(list)
			}
			b.ReportMetric(float64(len(page))/20, "B/text")
		})
	}
}

func liveHeapBytes() int64 {
	runtime.GC()
	runtime.GC() // what pools held in the first one's shadow
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
