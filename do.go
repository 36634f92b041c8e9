package instagram

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/igv1/instagram/internal/check"
	"github.com/igv1/instagram/internal/wire"
)

// Do makes a call that this package has no method for, such as one that a gateway adds to v1. It
// has all that a call has: the token, signatures, retries, limits, and errors without secrets.
//
// The path is what follows the base URL, as in /media/popular, with its elements escaped where they
// need it: see [url.PathEscape]. The params are the query, or for POST the form; the client adds
// what authenticates. The method is GET, POST or DELETE. A POST is repeated only where nothing came
// of it.
//
// The value takes in the answer by the rules of [encoding/json], to which the models keep too. It
// is filled from the data of the answer, or from all of an answer that has neither data nor meta.
// An [io.Writer] is given the body as it came, whatever it is; from a [bytes.Buffer], for one,
// [DecodePage] reads the pagination too. With nil the body is not looked at, except for an error in
// its meta.
//
//	var places []*instagram.LocationInfo
//	err := client.Do(ctx, http.MethodGet, "/locations/nearby", url.Values{"user_id": {id}}, &places)
func (c *Client) Do(ctx context.Context, method, path string, params url.Values, value any) error {
	w, whole := value.(io.Writer)
	call := rawCall(&c.made().users, method, path, params)
	call.checkValue(value)
	call.mayBeEmpty = whole || value == nil
	body, x, err := fetch(ctx, call, func(body []byte) ([]byte, MetaData, error) {
		if !call.mayBeEmpty {
			meta, err := readRaw(body, value)
			return nil, meta, err
		}
		meta, _ := decodeMeta(body)
		return slices.Clone(body), meta, nil // body itself is gone when the call is over
	})
	if whole && err == nil {
		if _, err := w.Write(body); err != nil {
			return x.redact(x.error(err))
		}
	}
	return err
}

// credentialParams are the parameters that a client adds by itself.
var credentialParams = []string{"access_token", "client_id", "client_secret", "sig"}

// rawCall describes a request that no method describes.
func rawCall(v1 *service, method, path string, params url.Values) *call {
	c := newCall(v1, method, path)
	c.raw = true
	if method != http.MethodGet && method != http.MethodPost && method != http.MethodDelete {
		c.refuse("method", "%.20q is none of GET, POST and DELETE", method)
	}
	elements, rooted := strings.CutPrefix(path, "/")
	switch {
	case !rooted || elements == "":
		c.refuse("path", "it must begin with /, as in /media/popular")
	case strings.ContainsAny(path, "?#"):
		c.refuse("path", "it has a query or a fragment; parameters go into params")
	case strings.HasPrefix(path, "/v1/") && strings.HasSuffix(c.api.base, "/v1"):
		c.refuse("path", "leave out /v1, which the base URL ends in")
	}
	c.path = ""
	for element := range strings.SplitSeq(strings.TrimSuffix(elements, "/"), "/") {
		plain, err := url.PathUnescape(element)
		if err != nil {
			c.refuse("path", "a %% in it begins no escape; write %%25")
		}
		c.check("path", check.Element(plain))
		c.path += "/" + url.PathEscape(plain)
	}
	if strings.HasSuffix(elements, "/") {
		c.path += "/"
	}
	maps.Copy(c.params, params)
	for _, name := range credentialParams {
		if params.Has(name) {
			c.refuse(name, "the client adds it")
		}
	}
	return c
}

// checkValue refuses what nothing can be decoded into.
func (c *call) checkValue(value any) {
	v := reflect.ValueOf(value)
	switch {
	case value == nil:
	case v.Kind() == reflect.Pointer && v.IsNil():
		c.refuse("value", "it is a nil pointer")
	case v.Kind() != reflect.Pointer:
		if _, writes := value.(io.Writer); !writes {
			c.refuse("value", "it must be a pointer, an io.Writer or nil")
		}
	}
}

// readRaw reads an answer of any form into a value.
func readRaw(body []byte, value any) (MetaData, error) {
	if !wire.Valid(body) {
		return MetaData{}, decodeError(wire.SyntaxError(body))
	}
	if !wire.Affordable(body) {
		return MetaData{}, &DecodeError{Err: wire.ErrMemory}
	}
	meta, _ := decodeMeta(body)
	var answer struct {
		Meta, Data json.RawMessage
	}
	switch err := json.Unmarshal(body, &answer); {
	case meta.failed():
		return meta, nil
	case err != nil || answer.Meta == nil && answer.Data == nil:
		return meta, json.Unmarshal(body, value)
	case answer.Data == nil:
		return meta, nil
	}
	return meta, json.Unmarshal(answer.Data, value)
}
