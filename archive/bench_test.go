//go:build unix

package archive

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// pageOf2014 is a page of media as it was about 2014, of some 100 kB, with ids of its own.
func pageOf2014(n int) []byte {
	user := func(i int) string {
		return fmt.Sprintf(`{"username":"lantern_%d","profile_picture":"https:\/\/images.example\/hphotos-ak-xfa1\/t51.2885-19\/10%06d_15%08d_1371293844_a.jpg","id":"%d","full_name":"Lantern Keeper %d"}`, i%997, i, i*7919, 200001000+i, i)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"pagination":{"next_max_id":"9%012d"},"meta":{"code":200},"data":[`, n)
	for i := range 33 {
		if i > 0 {
			b.WriteByte(',')
		}
		id := n*33 + i
		fmt.Fprintf(&b, `{"attribution":null,"tags":["harbour","fog_%d","quiet"],"location":{"latitude":%d.77956816727314,"name":"North Quay","longitude":-9.41387367248539,"id":"%d"},"comments":{"count":16,"data":[`, i, i, 5000+i)
		for c := range 3 {
			if c > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"created_time":"%d","text":"morning tide and the gulls at the window \ud83c\udf0a","from":%s,"id":"%d"}`, 1400000000+c, user(id+c), id*100+c)
		}
		fmt.Fprintf(&b, `]},"filter":"Valencia","created_time":"%d","link":"https:\/\/pages.example\/p\/mE%dvRkq\/","likes":{"count":%d,"data":[%s,%s]},"images":{`, 1300000000+id*60, i, 100+i, user(i), user(i+1))
		for k, name := range []string{"low_resolution", "thumbnail", "standard_resolution"} {
			if k > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `"%s":{"url":"https:\/\/images.example\/hphotos-ak-xaf1\/t51.2885-15\/e15\/10%06d_765432%06d_1234567%d_n.jpg","width":%d,"height":640}`, name, i, id, k, 640)
		}
		fmt.Fprintf(&b, `},"users_in_photo":[],"caption":{"created_time":"%d","text":"The harbour before the rain, and no boat out \ud83c\udf0a\n#harbour #fog","from":%s,"id":"%d"},"type":"image","id":"%d_200001007","user":%s,"user_has_liked":false}`, 1300000000+id*60, user(7), id, 900000000000000000+int64(id), user(7))
	}
	b.WriteString("]}\n")
	return b.Bytes()
}

// cpu is the time that all cores have worked for this process.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRead reads pages of media as JSON lines, and counts them by year and likes. It reports
// the CPU time too, as what else the machine does tells on the time alone. BENCHMARK_MB sets how
// much there is to read, and BENCHMARK_FILE keeps it.
func BenchmarkRead(b *testing.B) {
	size := 64
	if text := os.Getenv("BENCHMARK_MB"); text != "" {
		_, err := fmt.Sscan(text, &size)
		require.NoError(b, err)
	}
	name := os.Getenv("BENCHMARK_FILE")
	if name == "" {
		name = filepath.Join(b.TempDir(), "pages.jsonl")
	}
	f, err := os.Create(name)
	require.NoError(b, err)
	var one []byte
	written := 0
	for n := 0; written < size<<20; n++ {
		one = pageOf2014(n)
		_, err := f.Write(one)
		require.NoError(b, err)
		written += len(one)
	}
	require.NoError(b, f.Close())

	measure := func(name string, read func(b *testing.B, count func(*instagram.MediaEntry))) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(written))
			began := cpu()
			years, likes := map[int]int{}, 0
			for b.Loop() {
				read(b, func(m *instagram.MediaEntry) {
					years[m.CreatedTime.Year()]++
					likes += m.Likes.Count
				})
			}
			b.ReportMetric(float64(written)*float64(b.N)/1e6/(cpu()-began).Seconds(), "MB/cpu-s")
		})
	}
	measure("DecodePage from memory", func(b *testing.B, count func(*instagram.MediaEntry)) {
		for range written / len(one) {
			page, err := instagram.DecodePage[instagram.MediaEntry](bytes.NewReader(one))
			require.NoError(b, err)
			for _, m := range page.Items {
				count(m)
			}
		}
	})
	measure("DecodeAll", func(b *testing.B, count func(*instagram.MediaEntry)) {
		f, err := os.Open(name)
		require.NoError(b, err)
		defer f.Close()
		for m, err := range instagram.DecodeAll[instagram.MediaEntry](io.Reader(f)) {
			require.NoError(b, err)
			count(m)
		}
	})
	for _, workers := range []int{1, runtime.GOMAXPROCS(0)} {
		for _, twice := range []string{"", ", less duplicates"} {
			opts := []Option{Workers(workers)}
			if twice == "" {
				opts = append(opts, KeepDuplicates())
			}
			measure(fmt.Sprintf("archive, %d workers%s", workers, twice), func(b *testing.B, count func(*instagram.MediaEntry)) {
				a, err := Open(name)
				require.NoError(b, err)
				defer a.Close()
				for item, err := range a.With(opts...).Media(b.Context()) {
					require.NoError(b, err)
					count(item.Value)
				}
			})
		}
	}
}
