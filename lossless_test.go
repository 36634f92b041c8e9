package instagram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each value of each answer is found again in what the models marshal to: under
// its own name, or under that of the canonical generation.
func TestNothingIsLost(t *testing.T) {
	for _, r := range recordings(t) {
		t.Run(r.name, func(t *testing.T) {
			answer, err := kinds[r.kind].decode(r.body)
			require.NoError(t, err)
			out, err := json.Marshal(answer)
			require.NoError(t, err)
			assert.Empty(t, missing("", tree(t, r.body), tree(t, out)))
		})
	}
}

// tree is what encoding/json makes of a text.
func tree(t testing.TB, text []byte) any {
	var v any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&v))
	return v
}

// renamed returns what stands in an object of the canonical generation for a
// member that older ones had.
func renamed(object map[string]any, name string) any {
	member := func(of, name string) any {
		inner, _ := object[of].(map[string]any)
		return inner[name]
	}
	switch name {
	case "message":
		return object["text"]
	case "next":
		return object["next_url"]
	case "paging":
		return object["pagination"]
	case "like_count":
		return member("likes", "count")
	case "comments", "likes": // a list
		return member(name, "data")
	case "attribution": // a string
		return member(name, "name")
	case "code", "error_type", "error_message": // without meta
		return member("meta", name)
	}
	return nil
}

// missing lists the paths of the values of in that are not in out.
func missing(path string, in, out any) []string {
	switch in := in.(type) {
	case nil:
		return nil // as if it were absent
	case map[string]any:
		object, ok := out.(map[string]any)
		if !ok && len(flat(in)) > 0 {
			return []string{fmt.Sprintf("%s: %v is %v", path, in, out)}
		}
		var paths []string
		for name, value := range in {
			lost := missing(path+"."+name, value, object[name])
			if lost != nil && missing(path+"."+name, value, renamed(object, name)) != nil {
				paths = append(paths, lost...)
			}
		}
		return paths
	case []any:
		list, _ := out.([]any)
		if len(list) != len(in) {
			return []string{fmt.Sprintf("%s: %v is %v", path, in, out)}
		}
		var paths []string
		for i, value := range in {
			paths = append(paths, missing(fmt.Sprintf("%s[%d]", path, i), value, list[i])...)
		}
		return paths
	}
	name := path[strings.LastIndexByte(path, '.')+1:]
	if !same(name, in, out) {
		return []string{fmt.Sprintf("%s: %v is %v", path, in, out)}
	}
	return nil
}

// flat lists the values in an object, at any depth.
func flat(object map[string]any) []any {
	var values []any
	for _, value := range object {
		if inner, ok := value.(map[string]any); ok {
			values = append(values, flat(inner)...)
		} else if value != nil {
			values = append(values, value)
		}
	}
	return values
}

// same reports whether out says what in does, as a member of that name.
func same(name string, in, out any) bool {
	text, written := fmt.Sprint(in), fmt.Sprint(out)
	if text == written {
		return true
	}
	switch name {
	case "type":
		return text == "1" && written == "image" || text == "2" && written == "video"
	case "created_time":
		if text == "" {
			return out == nil
		}
		if at, err := time.Parse("2006-01-02T15:04:05-0700", text); err == nil {
			return written == strconv.FormatInt(at.Unix(), 10)
		}
	case "target_user_is_private", "user_has_liked", "is_business":
		a, errA := strconv.ParseBool(text)
		b, errB := strconv.ParseBool(written)
		return errA == nil && errB == nil && a == b
	}
	a, okA := new(big.Float).SetString(text)
	b, okB := new(big.Float).SetString(written)
	if !okA || !okB {
		return false
	}
	x, _ := a.Float64()
	y, _ := b.Float64()
	return x == y
}
