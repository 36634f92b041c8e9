package main

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/archive"
)

// entries yields those of one kind. What cannot be read is told and left out, unless
// -strict is set.
func (j *job) entries(kind archive.Kind) iter.Seq2[*archive.Entry, error] {
	return func(yield func(*archive.Entry, error) bool) {
		for e, err := range j.archive.Of(j.ctx, kind) {
			var failure *archive.Error
			if err != nil && errors.As(err, &failure) && !j.strict {
				j.complain(err)
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func (j *job) csv() error {
	return j.write(func(out io.Writer) error {
		w := csv.NewWriter(out)
		for _, t := range tables {
			if string(t.kind) == j.kind {
				if err := w.Write(columns(t.row)); err != nil {
					return err
				}
			}
		}
		var line []string
		for e, err := range j.entries(archive.Kind(j.kind)) {
			if err != nil {
				return err
			}
			line = line[:0]
			for _, value := range values(rowOf(e)) {
				text := ""
				if value != nil {
					text = fmt.Sprint(value)
				}
				line = append(line, text)
			}
			if err := w.Write(line); err != nil {
				return err
			}
		}
		w.Flush()
		return w.Error()
	})
}

func (j *job) jsonl() error {
	return j.write(func(out io.Writer) error {
		compressed, err := compressor(out, j.out)
		if err != nil {
			return err
		}
		for e, err := range j.entries(archive.Kind(j.kind)) {
			if err != nil {
				return err
			}
			if err := encode(compressed, e); err != nil {
				return err
			}
		}
		return compressed.Close()
	})
}

// encode writes the model of an entry on a line.
func encode(w io.Writer, e *archive.Entry) error {
	switch e.Kind {
	case archive.KindMedia:
		return instagram.Encode(w, e.Media)
	case archive.KindComment:
		return instagram.Encode(w, e.Comment)
	case archive.KindUser:
		return instagram.Encode(w, e.User)
	case archive.KindFollower:
		return instagram.Encode(w, e.Follower)
	case archive.KindFollow:
		return instagram.Encode(w, e.Follow)
	case archive.KindTag:
		return instagram.Encode(w, e.Tag)
	case archive.KindLocation:
		return instagram.Encode(w, e.Location)
	default:
		return json.NewEncoder(w).Encode(e.Like)
	}
}

// compressor compresses as a name says.
func compressor(out io.Writer, name string) (io.WriteCloser, error) {
	switch {
	case strings.HasSuffix(name, ".gz"):
		return gzip.NewWriter(out), nil
	case strings.HasSuffix(name, ".zst"):
		return zstd.NewWriter(out)
	default:
		return plain{out}, nil
	}
}

type plain struct{ io.Writer }

func (plain) Close() error { return nil }

func (j *job) parquet() error {
	return writeFile(j.out, func(out io.Writer) error {
		switch archive.Kind(j.kind) {
		case archive.KindMedia:
			return writeParquet[mediaRow](j, out)
		case archive.KindComment:
			return writeParquet[commentRow](j, out)
		case archive.KindUser:
			return writeParquet[userRow](j, out)
		case archive.KindLike:
			return writeParquet[likeRow](j, out)
		case archive.KindTag:
			return writeParquet[tagRow](j, out)
		case archive.KindLocation:
			return writeParquet[locationRow](j, out)
		default:
			return writeParquet[relationRow](j, out)
		}
	})
}

// rowGroup is how many rows are held at a time.
const rowGroup = 100_000

func writeParquet[T any](j *job, out io.Writer) error {
	w := parquet.NewGenericWriter[T](out,
		parquet.Compression(&parquet.Zstd),
		parquet.BloomFilters(parquet.SplitBlockFilter(10, "id")),
		parquet.CreatedBy("igarchive", "1", ""),
	)
	rows := make([]T, 0, 1024)
	written := 0
	flush := func() error {
		_, err := w.Write(rows)
		if written += len(rows); err == nil && written >= rowGroup {
			written = 0
			err = w.Flush()
		}
		rows = rows[:0]
		return err
	}
	for e, err := range j.entries(archive.Kind(j.kind)) {
		if err != nil {
			return err
		}
		if rows = append(rows, rowOf(e).(T)); len(rows) == cap(rows) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return w.Close()
}
