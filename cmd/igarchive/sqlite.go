package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"strings"

	_ "modernc.org/sqlite" // the driver

	"github.com/igv1/instagram/archive"
)

// A database is one that is being written.
type database struct {
	tx      *sql.Tx
	inserts map[archive.Kind]*sql.Stmt
	tag     *sql.Stmt
	search  *sql.Stmt
}

func (j *job) sqlite() error {
	file, err := lockedFile(partial(j.out))
	if err != nil {
		return err
	}
	err = file.Truncate(0)
	if err == nil {
		err = j.fillDatabase(file.Name())
	}
	for _, left := range []string{"-journal", "-wal", "-shm"} {
		_ = os.Remove(file.Name() + left) // there are none, but for what an older run has left
	}
	return settle(file, j.out, err)
}

func (j *job) fillDatabase(name string) error {
	// The file is worth nothing until it is whole: it needs no journal.
	source := url.URL{Scheme: "file", Opaque: (&url.URL{Path: name}).EscapedPath(), RawQuery: "_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	err = j.fill(db)
	return errors.Join(err, db.Close())
}

func (j *job) fill(db *sql.DB) error {
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	d := &database{tx: tx, inserts: map[archive.Kind]*sql.Stmt{}}
	err = d.create()
	for e, failed := range j.archive.All(j.ctx) {
		if err != nil {
			break
		}
		var failure *archive.Error
		switch {
		case failed == nil:
			err = d.add(e)
		case errors.As(failed, &failure) && !j.strict:
			j.complain(failed)
		default:
			err = failed
		}
	}
	if err == nil {
		err = d.finish()
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// create makes the tables.
func (d *database) create() error {
	for _, t := range tables {
		names := columns(t.row)
		var defs []string
		for i, name := range names {
			kind := "TEXT"
			switch reflect.TypeOf(t.row).Field(i).Type.String() {
			case "int64", "int32":
				kind = "INTEGER"
			case "float64", "*float64":
				kind = "REAL"
			}
			defs = append(defs, name+" "+kind)
		}
		if _, err := d.tx.Exec(fmt.Sprintf("CREATE TABLE %s (%s)", t.name, strings.Join(defs, ", "))); err != nil {
			return err
		}
		insert, err := d.tx.Prepare(fmt.Sprintf("INSERT INTO %s VALUES (%s)", t.name, strings.TrimSuffix(strings.Repeat("?,", len(names)), ",")))
		if err != nil {
			return err
		}
		d.inserts[t.kind] = insert
	}
	_, err := d.tx.Exec(`CREATE TABLE media_tags (media_id TEXT, tag TEXT);
		CREATE VIRTUAL TABLE search USING fts5(text, username, kind UNINDEXED, id UNINDEXED, media_id UNINDEXED, created_time UNINDEXED,
			tokenize = 'unicode61 remove_diacritics 2')`)
	if err != nil {
		return err
	}
	if d.tag, err = d.tx.Prepare("INSERT INTO media_tags VALUES (?, ?)"); err != nil {
		return err
	}
	d.search, err = d.tx.Prepare("INSERT INTO search VALUES (?, ?, ?, ?, ?, ?)")
	return err
}

// add inserts an entry, and what is to be found of it.
func (d *database) add(e *archive.Entry) error {
	row := rowOf(e)
	if _, err := d.inserts[e.Kind].Exec(values(row)...); err != nil {
		return err
	}
	switch row := row.(type) {
	case mediaRow:
		for _, tag := range row.Tags {
			if _, err := d.tag.Exec(row.ID, tag); err != nil {
				return err
			}
		}
		if row.Caption != nil {
			_, err := d.search.Exec(*row.Caption, row.Username, "caption", row.ID, row.ID, e.Media.CreatedTime.Unix())
			return err
		}
	case commentRow:
		_, err := d.search.Exec(row.Text, row.Username, "comment", row.ID, row.MediaID, e.Comment.CreatedTime.Unix())
		return err
	}
	return nil
}

func (d *database) finish() error {
	_, err := d.tx.Exec(`CREATE INDEX media_id ON media (id);
		CREATE INDEX media_created_time ON media (created_time);
		CREATE INDEX comments_media_id ON comments (media_id);
		CREATE INDEX media_tags_tag ON media_tags (tag);
		INSERT INTO search (search) VALUES ('optimize')`)
	return err
}
