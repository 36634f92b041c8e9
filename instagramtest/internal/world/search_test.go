package world

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSearchUsers(t *testing.T) {
	w := New(false)
	for i, name := range [][2]string{
		{"ana", "Bo Li"}, {"li", "Ana"}, {"oli", "Élise"}, {"lis", "li"}, {"Bob.li", ""}, {"x", "Ana Li\x00ana"},
	} {
		w.AddUser(&User{ID: uint64(i + 1), Username: name[0], FullName: name[1]})
	}
	for _, tt := range []struct {
		part  string
		count int
		want  []uint64
	}{
		{"li", 9, []uint64{2, 4, 1, 3, 5, 6}},
		{"li", 3, []uint64{2, 4, 1}},
		{"li", 0, nil},
		{"ana", 9, []uint64{1, 2, 6}},
		{"ana li", 9, []uint64{6}},
		{"bob", 9, []uint64{5}},
		{"é", 9, []uint64{3}},
		{"nobody", 9, nil},
		{"", 9, nil},
		{"ana\x00bo", 9, nil},
	} {
		var got []uint64
		for _, u := range w.SearchUsers(tt.part, tt.count) {
			got = append(got, u.ID)
		}
		assert.Equal(t, tt.want, got, "%q %d", tt.part, tt.count)
	}
	w.AddUser(&User{ID: 7, Username: "bobine"})
	assert.Len(t, w.SearchUsers("bob", 9), 2, "somebody who came later")
	assert.Empty(t, New(false).SearchUsers("a", 9))
}

// TestReadersMakeWhatIsMissing has several readers at once be the first to need an index.
func TestReadersMakeWhatIsMissing(t *testing.T) {
	w := New(false)
	for i := range 200 {
		w.AddUser(&User{ID: uint64(i + 1), Username: "somebody"})
	}
	m := &Media{Owner: w.Main}
	w.AddMedia(m)
	for _, u := range w.Everyone[100:] {
		m.Likes.add(u, w.nextLink())
		u.Liked.add(m, m.Likes[len(m.Likes)-1].Seq)
	}
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			w.Mu.RLock()
			defer w.Mu.RUnlock()
			assert.Len(t, w.SearchUsers("body", 150), 150)
			assert.Zero(t, w.Everyone[99].LikeOf(m))
			assert.NotZero(t, w.Everyone[100].LikeOf(m))
		})
	}
	readers.Wait()
}
