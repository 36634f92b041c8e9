package main

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/fleet"
	"github.com/igv1/instagram/fleet/internal/archive"
)

// check refuses flags that make no sense, before anything is begun.
func (s *settings) check() error {
	if err := s.queue.Check(); err != nil {
		return misuse("%v", err)
	}
	switch {
	case s.out == "" && s.nats == "":
		return misuse("say where the harvest is with -out, or with -nats")
	case s.queue.Replicas > 1 && s.nats == "":
		return misuse("-replicas needs a cluster; say where it is with -nats")
	case s.hour <= 0:
		return misuse("-hour must be positive")
	case s.parallel < 0 || s.count < 0 || s.calls < 0 || s.backoff < 0:
		return misuse("-parallel, -count, -calls and -backoff must not be negative")
	}
	if _, err := fleet.NewLimiter(nil, s.limits(s.queue)); err != nil {
		return misuse("%v", err)
	}
	inputs := 0
	for _, name := range []string{s.users, s.tags, s.locations, s.tokens} {
		if name == "-" {
			inputs++
		}
	}
	if inputs > 1 {
		return misuse("only one file can be -, the standard input")
	}
	return nil
}

// checkRun refuses what a worker cannot begin with. Files that are not there are a misuse, and what
// is in them is not.
func (s *settings) checkRun() error {
	switch {
	case s.out == "":
		return misuse("say where to save to with -out")
	case s.baseURL == "":
		return misuse("say where the server is with -base-url")
	case s.tokens == "":
		return misuse("say which tokens to use with -tokens")
	}
	if _, err := instagram.NewClient(instagram.WithBaseURL(s.baseURL)); err != nil {
		return misuse("-base-url: %v", err)
	}
	if s.http != "" {
		if _, err := net.ResolveTCPAddr("tcp", s.http); err != nil {
			return misuse("-http: %v", err)
		}
	}
	err := s.checkLists()
	if err == nil {
		_, err = s.makeTokens()
	}
	if errors.Is(err, fs.ErrNotExist) {
		return misuse("%v", err)
	}
	if err != nil || s.adds() || s.stay || s.nats != "" {
		return err
	}
	if _, err := os.Stat(filepath.Join(s.out, archive.MetaDir)); errors.Is(err, fs.ErrNotExist) {
		return errNothing
	}
	return nil
}

// adds reports whether there are lists to add.
func (s *settings) adds() bool { return s.users+s.tags+s.locations != "" }

// errNothing is a worker that was given nothing to read, in a harvest that nobody has begun.
var errNothing = misuse("there is nothing to read: give lists with -users, -tags or -locations, or -stay to wait for some")

// checkLists reads the files before anything is begun. The standard input can be read only once.
func (s *settings) checkLists() error {
	if s.users == "-" || s.tags == "-" || s.locations == "-" {
		return nil
	}
	for _, err := range s.lists() {
		if err != nil {
			return err
		}
	}
	return nil
}
