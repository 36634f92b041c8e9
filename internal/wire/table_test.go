package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A harbour and a boat are models of the tests: one of each kind of field.
type harbour struct {
	Name    string
	Berths  int
	Depth   float64
	Open    bool
	Since   time.Time
	Flags   []string
	Pilot   boat
	Tug     *boat
	Boats   []boat
	Note    string
	Rowed   int
	Unknown int // members that the function of that name has read
	Ended   Seen

	Extra Extra
}

type boat struct {
	Name string

	Extra Extra
}

var boatTable = Table[boat]{
	Extra: func(b *boat) *Extra { return &b.Extra },
	Rows:  []Row[boat]{{Name: "name", Field: func(b *boat) any { return &b.Name }}},
	Bare: func(d *Decoder, b *boat) bool {
		if d.Peek() != '"' {
			return false
		}
		b.Name = d.String()
		return true
	},
}

var harbourTable = Table[harbour]{
	Extra: func(h *harbour) *Extra { return &h.Extra },
	Rows: []Row[harbour]{
		{Name: "name", Older: "title", Field: func(h *harbour) any { return &h.Name }},
		{Name: "berths", Field: func(h *harbour) any { return &h.Berths }},
		{Name: "depth", Field: func(h *harbour) any { return &h.Depth }},
		{Name: "open", Field: func(h *harbour) any { return &h.Open }},
		{Name: "since", Field: func(h *harbour) any { return &h.Since }},
		{Name: "flags", Field: func(h *harbour) any { return &h.Flags }},
		{Name: "pilot", Field: func(h *harbour) any { return &h.Pilot }, Model: &boatTable},
		{Name: "tug", Field: func(h *harbour) any { return &h.Tug }, Model: &boatTable},
		{Name: "boats", Field: func(h *harbour) any { return &h.Boats }, Model: &boatTable},
		{Name: "note", Field: func(h *harbour) any { return &h.Note }, Optional: true},
	},
	Unknown: func(d *Decoder, h *harbour, name []byte) bool {
		if string(name) != "count me" {
			return false
		}
		d.Skip()
		h.Unknown++
		return true
	},
	End: func(_ *Decoder, h *harbour, seen Seen) { h.Ended = seen },
}

// read reads a model that is the whole of a text.
func read[T any](table *Table[T], text string) (model T, seen Seen, err *Error) {
	d := NewDecoder([]byte(text))
	defer d.Release()
	start := d.Mark()
	seen = table.Read(d, &model)
	d.End()
	return model, seen, d.Failure("", start)
}

const wholeHarbour = `{"name":"East","berths":4,"depth":2.5,"open":true,"since":"1400000000","flags":["a","b"],` +
	`"pilot":{"name":"Ida"},"tug":{"name":"Bo"},"boats":[{"name":"c"},{"name":"d","new":[1]}],"note":"n","more":{"x":1}}`

func TestTableReadsAndWrites(t *testing.T) {
	want := harbour{
		Name: "East", Berths: 4, Depth: 2.5, Open: true, Since: time.Unix(1400000000, 0).UTC(), Flags: []string{"a", "b"},
		Pilot: boat{Name: "Ida"}, Tug: &boat{Name: "Bo"}, Boats: []boat{{Name: "c"}, {Name: "d", Extra: Extra{"new": json.RawMessage(`[1]`)}}},
		Note: "n", Extra: Extra{"more": json.RawMessage(`{"x":1}`)},
	}
	shuffled := `{"more" : {"x" : 1}, "note":"n","boats":["c",{"new":[1],"name":"d"}],"tug":"Bo","since":1400000000,"pilot":{"name":"Ida"},` +
		"\"flags\"\t:[ \"a\",\"\\u0062\" ],\"\\u006fpen\":1,\"depth\":\"2.5\",\n\"berths\":4.0,\"name\":\"East\"}"
	for range 3 { // the order of the last model is expected of the next one
		for _, text := range []string{wholeHarbour, shuffled} {
			got, seen, err := read(&harbourTable, text)
			require.Nil(t, err)
			assert.True(t, seen.Has("boats"))
			got.Ended = Seen{}
			assert.Equal(t, want, got, text)
			written, merr := Marshal(&harbourTable, &got)
			require.NoError(t, merr)
			assert.Equal(t, wholeHarbour, string(written))
		}
	}
}

func TestTableWritesWhatIsEmpty(t *testing.T) {
	written, err := Marshal(&harbourTable, new(harbour))
	require.NoError(t, err)
	assert.Equal(t, `{"name":"","berths":0,"depth":0,"open":false,"since":null,"flags":null,"pilot":{"name":""},"tug":null,"boats":null}`, string(written))
	assert.True(t, harbourTable.IsZero(new(harbour)))
	assert.False(t, harbourTable.IsZero(&harbour{Boats: []boat{}}))
	assert.False(t, harbourTable.IsZero(&harbour{Extra: Extra{"a": nil}}))
}

func TestTableRefusesAnotherKind(t *testing.T) {
	for path, text := range map[string]string{
		"":               `[]`,
		"name":           `{"name":{}}`,
		"berths":         `{"berths":"many"}`,
		"depth":          `{"depth":[]}`,
		"open":           `{"open":7}`,
		"since":          `{"since":"noon"}`,
		"flags":          `{"flags":"a"}`,
		"flags[1]":       `{"flags":["a",{}]}`,
		"pilot":          `{"pilot":[]}`,
		"tug":            `{"tug":7}`,
		"boats":          `{"boats":{}}`,
		"boats[1].name":  `{"boats":[{},{"name":[]}]}`,
		"boats[0]":       `{"boats":[7]}`,
		"more[0].deeper": `{"more":[{"deeper":tru}]}`,
	} {
		_, _, err := read(&harbourTable, text)
		if assert.NotNil(t, err, text) {
			assert.Equal(t, path, err.Path)
		}
	}
}

func TestTableSeesWhatWasSaid(t *testing.T) {
	_, seen, err := read(&harbourTable, `{"name":null,"berths":0,"note":"","berths":0,"depth":1,"depth":null}`)
	require.Nil(t, err)
	assert.True(t, seen.Any())
	assert.True(t, seen.Has("berths"))
	assert.True(t, seen.Has("note"))
	assert.False(t, seen.Has("name"), "a null says nothing")
	assert.False(t, seen.Has("depth"), "the last one of a name counts")
	for _, text := range []string{`null`, `{}`, `{"name":null,"more":null}`} {
		_, seen, err = read(&harbourTable, text)
		require.Nil(t, err)
		assert.False(t, seen.Any(), text)
	}
	_, seen, _ = read(&harbourTable, `{"more":0}`)
	assert.True(t, seen.Any())
	got, _, _ := read(&harbourTable, `{"count me":{"a":[]},"count me":null}`)
	assert.Equal(t, 2, got.Unknown)
	assert.Nil(t, got.Extra)
}

func TestTableKeepsWhatAnOptionalFieldCannotShow(t *testing.T) {
	got, _, err := read(&harbourTable, `{"note":""}`)
	require.Nil(t, err)
	assert.Equal(t, Extra{"note": json.RawMessage(`""`)}, got.Extra)
	got, _, err = read(&harbourTable, `{"note":"","note":"n"}`)
	require.Nil(t, err)
	assert.Nil(t, got.Extra)
}

// Late members and older names are read after the others, wherever they stand.
func TestTableReadsLateMembers(t *testing.T) {
	for text, want := range map[string]harbour{
		`{"title":"a"}`:                  {Name: "a"},
		`{"title":"a","name":"b"}`:       {Name: "b", Extra: Extra{"title": json.RawMessage(`"a"`)}},
		`{"name":"b","title":"b"}`:       {Name: "b"},
		`{"title":null,"name":null}`:     {},
		`{"title":"a","more":[{"x":1}]}`: {Name: "a", Extra: Extra{"more": json.RawMessage(`[{"x":1}]`)}},
	} {
		got, _, err := read(&harbourTable, text)
		require.Nil(t, err)
		got.Ended = Seen{}
		assert.Equal(t, want, got, text)
	}
	_, _, err := read(&harbourTable, `{"title":[],"name":"b"}`)
	require.NotNil(t, err)
	assert.Equal(t, "title", err.Path)
	assert.Equal(t, int64(9), err.Offset)
}

func TestTableRefusesToWriteWhatIsNoJSON(t *testing.T) {
	_, err := Marshal(&boatTable, &boat{Extra: Extra{"a": json.RawMessage(`{"b`)}})
	require.EqualError(t, err, `the extra member "a" is not JSON`)
	_, err = Marshal(&harbourTable, &harbour{Since: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)})
	require.EqualError(t, err, "since is not in one of the years 1 to 9999")
}

// Tables that cannot be read by are found as soon as they are used.
func TestTableThatIsWrong(t *testing.T) {
	assert.PanicsWithValue(t, "wire: no way to read speed, a *int8", func() {
		_, _, _ = read(&Table[int8]{Rows: []Row[int8]{{Name: "speed", Field: func(i *int8) any { return i }}}}, `{}`)
	})
	assert.Panics(t, func() {
		_, _, _ = read(&Table[int]{Rows: []Row[int]{{Name: "boat", Field: func(i *int) any { return i }, Model: &boatTable}}}, `{}`)
	})
	assert.Panics(t, func() { _, _, _ = read(&Table[int]{Rows: make([]Row[int], 64)}, `{}`) })
}

// A list takes hundreds of times the memory of its text: there is a bound.
func TestMemoryIsBounded(t *testing.T) {
	many := []byte(`[`)
	for range 400_000 {
		many = append(many, `{},`...)
	}
	many = append(many, `{}]`...)
	d := NewDecoder(many)
	defer d.Release()
	d.budget = 1 << 20
	start := d.Mark()
	boatTable.ReadList(d)
	err := d.Failure("", start)
	require.NotNil(t, err)
	require.ErrorIs(t, err, ErrMemory)
	d.Resume(start)
	assert.True(t, d.Failed(), "nothing more can be read")
}

func TestDecoderRemembersNothingOfATextButItsOrder(t *testing.T) {
	d := NewDecoder([]byte(`["a`))
	d.Strings()
	assert.True(t, d.Failed())
	d.Release()
	d.Reset([]byte(`["b"]`))
	assert.Equal(t, []string{"b"}, d.Strings())
	assert.False(t, d.Failed())
}

// A model that comes again is read as any other: by its text, into a field that was empty.
func TestModelsThatComeAgain(t *testing.T) {
	type berth struct {
		First, Second boat
		Extra         Extra
	}
	table := Table[berth]{
		Extra: func(b *berth) *Extra { return &b.Extra },
		Rows: []Row[berth]{
			{Name: "first", Field: func(b *berth) any { return &b.First }, Model: &boatTable, Repeats: true},
			{Name: "second", Field: func(b *berth) any { return &b.Second }, Model: &boatTable, Repeats: true},
		},
	}
	d := NewDecoder([]byte(`[` +
		`{"first":{"name":"Ada"},"second":{"name":"Ada"}},` +
		`{"first":{"name":"Ada"},"second":{"name":"Bo"}},` +
		`{"second":{"name":"Ad"},"first":{"name":"Ada","draft":2}},` +
		`{"first":{"name":"Ada","draft":2},"second":{"name":"Ada","draft":2}},` +
		`{"first":{"draft":3},"first":{"name":"Ada"}},` +
		`{"first":{"name":"Bo"},"first":null,"second":{"name":"Bo"},"second":{"name":"Ada"}},` +
		`{"first":{"name":"Ada"}]`))
	defer d.Release()
	list := table.ReadList(d)
	require.Len(t, list, 7)
	assert.True(t, d.Malformed(), "the last one does not end")
	draft := func(n string) Extra { return Extra{"draft": json.RawMessage(n)} }
	assert.Equal(t, []berth{
		{First: boat{Name: "Ada"}, Second: boat{Name: "Ada"}},
		{First: boat{Name: "Ada"}, Second: boat{Name: "Bo"}},
		{First: boat{"Ada", draft("2")}, Second: boat{Name: "Ad"}},
		{First: boat{"Ada", draft("2")}, Second: boat{"Ada", draft("2")}},
		{First: boat{"Ada", draft("3")}},
		{First: boat{Name: "Bo"}, Second: boat{Name: "Ada"}},
	}, list[:6])
	list[3].First.Extra["draft"] = nil
	assert.NotNil(t, list[3].Second.Extra["draft"], "no two models share a map")
}

// Lists end where they end: to append to one changes no other.
func TestListsAreApart(t *testing.T) {
	d := NewDecoder([]byte(`[{"boats":[{"name":"a"},{"name":"b"}],"flags":["x"]},{"boats":[{"name":"c"}],"flags":["y","z"]},{"boats":[]}]`))
	defer d.Release()
	list := harbourTable.ReadList(d)
	require.False(t, d.Failed())
	_ = append(list[0].Boats, boat{Name: "d"})
	_ = append(list[0].Flags, "w")
	assert.Equal(t, []boat{{Name: "c"}}, list[1].Boats)
	assert.Equal(t, []string{"y", "z"}, list[1].Flags)
	assert.Equal(t, []boat{}, list[2].Boats)
}

func TestKeys(t *testing.T) {
	for _, name := range []string{"id", "seven", "twelve_bytes", "nineteen_bytes_long", "twenty_bytes_in_all_", "a_name_of_over_thirty_bytes_in_all"} {
		k := newKey(name)
		text := `,"` + name + `":`
		follows := `"and what follows it"`
		assert.True(t, k.begins([]byte(text+follows)), name)
		assert.True(t, k.begins([]byte(`{`+text[1:]+follows)), name)
		assert.False(t, k.begins(nil))
		for i := 1; i < len(text); i++ {
			other := []byte(text + follows)
			other[i] ^= 1
			assert.False(t, k.begins(other), "%s, %d", name, i)
			assert.False(t, k.begins([]byte(text[:i])), name)
		}
		e := newEncoder()
		for range 3 {
			e.key(&k)
		}
		assert.Equal(t, text+text+text, string(e.data))
		e.release()
	}
	assert.False(t, new(key).begins(make([]byte, 100)), "a row without a name")
}

// No byte but white space, a comma or the end may stand between two members.
func TestTableRefusesWhatStandsBetweenMembers(t *testing.T) {
	for c := range 256 {
		if strings.ContainsRune(" \t\r\n", rune(c)) {
			continue
		}
		for _, rest := range []string{`"berths":4}                        `, `}`, `4,"berths":4}                     `} {
			for _, begin := range []string{`{`, `{"name":"East"`, `{"name":"East","berths":1,"depth":1,"flags":[]`, `{"tug":{}`} {
				if c == '}' && len(begin) > 1 || c == ',' && rest[0] == '"' && len(begin) > 1 {
					continue
				}
				text := begin + string([]byte{byte(c)}) + rest
				_, _, err := read(&harbourTable, text)
				assert.Equal(t, !Valid([]byte(text)), err != nil, "%q", text)
			}
		}
	}
}

// Each text is written as encoding/json does, but for what it escapes for HTML.
func TestStringsAreWrittenAsEncodingJSONDoes(t *testing.T) {
	var want bytes.Buffer
	plain := json.NewEncoder(&want)
	plain.SetEscapeHTML(false)
	for n := range 40 {
		for _, odd := range []string{"", "x", `"`, `\`, "\n", "\x00", "\x1f", "\u007f", "é", "🌊", "\xff", "\xe2\x82", "!#]"} {
			for at := range n + 1 {
				text := strings.Repeat("a", at) + odd + strings.Repeat("b", n-at)
				want.Reset()
				require.NoError(t, plain.Encode(text))
				e := newEncoder()
				e.quote(text)
				e.quote(text)
				expected := strings.TrimSuffix(want.String(), "\n")
				if !utf8.ValidString(text) {
					expected = strings.ReplaceAll(expected, `\ufffd`, "\ufffd")
				}
				require.Equal(t, expected+expected, string(e.data))
				e.release()
			}
		}
	}
}
