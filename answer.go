package instagram

import (
	"errors"
	"regexp"
	"strings"

	"github.com/igv1/instagram/internal/wire"
)

// envelope is what an answer comes in.
type envelope[T Model] struct {
	Meta       MetaData
	Pagination Pagination

	Data    *T      // of decodeObject; nil where there was none
	Items   []*T    // of decodeList
	Skipped []error // what decodeList left out
	memory  int     // about what Items and Skipped take, in bytes
}

// decodeObject reads an answer whose data is one object, null or absent. What stands beside data is
// in the envelope even if data itself is wrong.
func decodeObject[T Model](body []byte) (envelope[T], error) {
	return decodeObjectBy(body, readEntry[T])
}

func decodeObjectBy[T Model](body []byte, read entryReader[T]) (envelope[T], error) {
	var env envelope[T]
	d := wire.NewDecoder(body)
	defer d.Release()
	err := env.decode(d, func() error {
		if d.Null() {
			return nil
		}
		start := d.Mark()
		data := read(d, tableOf[T]())
		if !d.Failed() {
			env.Data = data
		}
		return decodeError(d.Failure("data", start))
	})
	return env, err
}

// An entryReader reads one model: readEntry or readRecordedEntry.
type entryReader[T any] func(*wire.Decoder, *wire.Table[T]) *T

// decodeList reads an answer whose data is a list, null or absent. A lenient one leaves out the
// entries that are wrong, and says so in Skipped. What stands beside data is in the envelope even
// if data itself is wrong.
func decodeList[T Model](body []byte, lenient bool) (envelope[T], error) {
	var env envelope[T]
	d := wire.NewDecoder(body)
	defer d.Release()
	err := env.decode(d, func() error { return env.decodeItems(d, "data", readEntry[T], lenient) })
	env.memory = d.Spent()
	return env, err
}

// About what an entry takes beside its model in Items, and in Skipped, in bytes.
const (
	itemSize    = 32
	skippedSize = 512
)

// decodeItems reads the list at path.
func (env *envelope[T]) decodeItems(d *wire.Decoder, path string, read entryReader[T], lenient bool) error {
	table := tableOf[T]()
	list := d.Mark()
	if d.Peek() == '[' {
		env.Items = []*T{}
	}
	index := 0
	for range d.Elements {
		start := d.Mark()
		item := read(d, table)
		if !d.Failed() {
			d.Spend(itemSize)
			env.Items = append(env.Items, item)
		} else {
			err := decodeError(d.Failure(path+wire.Element(index), start))
			d.Resume(start)
			if !lenient || d.Failed() { // Failed: nothing more can be read
				return err
			}
			d.Spend(skippedSize)
			table.Reuse(d, item)
			env.Skipped = append(env.Skipped, err)
		}
		index++
	}
	return decodeError(d.Failure(path, list))
}

// decodeMeta reads what an answer says of how the call went, with meta around it or without. It is
// an error if that is nothing.
func decodeMeta(body []byte) (MetaData, error) {
	var env envelope[MediaEntry]
	d := wire.NewDecoder(body)
	defer d.Release()
	err := env.decode(d, func() error { d.Skip(); return nil })
	meta := env.Meta
	if err == nil && meta.Code == 0 && meta.ErrorType == "" && meta.ErrorMessage == "" {
		err = errNoMeta
	}
	if err != nil {
		return MetaData{}, err
	}
	return meta, nil
}

var errNoMeta = errors.New("it has no meta")

var errNoEnvelope = errors.New("neither meta nor data")

// decode reads the members of an answer; data reads the one of that name.
func (env *envelope[T]) decode(d *wire.Decoder, data func() error) (failed error) {
	whole := d.Mark()
	if d.Peek() == 'n' {
		d.Fail("an object")
	}
	known, coded, code := false, false, whole
	for name := range d.Members {
		start := d.Mark()
		switch string(name) {
		case "meta":
			metaTable.Read(d, &env.Meta)
		case "data":
			if failed = data(); failed != nil {
				d.Resume(start) // what else there is may explain it
			}
		case "pagination", "paging":
			paginationTable.Read(d, &env.Pagination)
		case "error_type", "error_message":
			// The rate limiter and the OAuth endpoints put no meta around these.
			metaTable.ReadMember(d, &env.Meta, string(name))
		case "code":
			coded, code = true, start // of theirs; but a code alone is no answer
			fallthrough
		default:
			d.Skip()
			continue
		}
		known = true
	}
	d.End()
	if coded && env.Meta.Code == 0 && env.Meta.failed() && !d.Failed() {
		d.Return(code)
		env.Meta.Code = d.Int()
	}
	if err := d.Failure("", whole); err != nil {
		return decodeError(err)
	}
	if !known {
		return &DecodeError{Err: errNoEnvelope}
	}
	return failed
}

// isEnvelope reports whether a member is one of an answer, and of no model.
func isEnvelope(name []byte) bool {
	switch string(name) {
	case "meta", "data", "pagination", "paging", "error_type", "error_message":
		return true
	}
	return false
}

// failed reports whether the answer tells of an error. Its HTTP status need not.
func (m *MetaData) failed() bool { return m.Code >= 400 || m.ErrorType != "" }

// readGraphError takes into an error what an answer of the Graph says in its error.
func readGraphError(e *Error, body []byte) bool {
	read, found, forUser := *e, false, ""
	d := wire.NewDecoder(body)
	defer d.Release()
	for name := range d.Members {
		if string(name) != "error" || d.Peek() != '{' {
			d.Skip()
			continue
		}
		read.meaning = graphSentinel
		found = true
		for name := range d.Members {
			switch string(name) {
			case "message":
				read.Message = d.String()
			case "error_user_msg":
				forUser = d.String()
			case "type":
				read.Type = ErrorType(d.String())
			case "code":
				read.Code = d.Int()
			case "error_subcode":
				read.Subcode = d.Int()
			case "fbtrace_id":
				read.TraceID = d.String()
			default:
				d.Skip()
			}
		}
	}
	if d.End(); !found || d.Malformed() {
		return false
	}
	if forUser != "" && forUser != read.Message {
		read.Message = strings.TrimPrefix(read.Message+": "+forUser, ": ")
	}
	*e = read
	return true
}

// graphSentinel says what an error code of the Graph means for a program. Codes that are not here
// say too little; the status decides.
func graphSentinel(e *Error) error {
	switch code := e.Code; {
	case tooMany(e.StatusCode), code == 4, code == 17, code == 32, code == 613, 80000 <= code && code <= 80014:
		return ErrRateLimited
	case code == 190:
		return ErrUnauthorized
	case code == 10, 200 <= code && code <= 299:
		return ErrMissingScope
	case code == 100:
		return ErrInvalidParameters
	}
	return statusSentinel(e.StatusCode)
}

// describe takes in what an answer says of how the call went.
func (e *Error) describe(meta MetaData) *Error {
	e.Code, e.Type, e.Message = meta.Code, meta.ErrorType, meta.ErrorMessage
	return e
}

// exchangeSentinel tells the errors of a token endpoint apart. Only their messages differ.
func exchangeSentinel(e *Error) error {
	switch {
	case tooMany(e.StatusCode) || tooMany(e.Code):
	case aboutRedirectURI.MatchString(e.Message):
		return ErrRedirectURI
	case aboutCode.MatchString(e.Message):
		return ErrInvalidCode
	}
	return standardSentinel(e)
}

var (
	aboutRedirectURI = regexp.MustCompile(`(?i)\bredirect`)
	aboutCode        = regexp.MustCompile(`(?i)\bcode\b`) // not authorization_code
)
