package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"regexp"
	"strings"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/fleet/internal/archive"
	"github.com/igv1/instagram/fleet/internal/harvest"
)

// source is a file of names, one a line. Empty lines, and those that begin with
// #, are left out.
func source(name string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var in io.ReadCloser = os.Stdin
		if name != "-" {
			file, err := os.Open(name)
			if err != nil {
				yield("", err)
				return
			}
			in = file
		}
		defer in.Close()
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff")) // as some editors begin a file
			if line == "" || strings.HasPrefix(line, "# ") || line == "#" {
				continue
			}
			if !yield(line, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield("", fmt.Errorf("%s: %w", name, err))
		}
	}
}

var (
	number = regexp.MustCompile(`^[0-9]{1,20}$`)
	tag    = regexp.MustCompile(`^[\pL\pM\pN_]{1,150}$`)
)

// lists reads the files of the settings. What cannot be a list is refused before anything is asked
// for.
func (s *settings) lists() iter.Seq2[archive.List, error] {
	return func(yield func(archive.List, error) bool) {
		for _, kind := range []struct {
			file string
			kind archive.Kind
			name *regexp.Regexp
			what string
		}{
			{s.users, archive.Users, number, "the id of a user, which is a number"},
			{s.tags, archive.Tags, tag, "a tag"},
			{s.locations, archive.Locations, number, "the id of a place, which is a number"},
		} {
			if kind.file == "" {
				continue
			}
			for name, err := range source(kind.file) {
				if kind.kind == archive.Tags {
					name = strings.ToLower(strings.TrimPrefix(name, "#"))
				}
				if err == nil && !kind.name.MatchString(name) {
					err = fmt.Errorf("%s: %q is not %s", kind.file, name, kind.what)
				}
				if !yield(archive.List{Kind: kind.kind, Name: name}, err) || err != nil {
					return
				}
			}
		}
	}
}

// input tells what the files hold from what they held another time. It is empty for the standard
// input.
func (s *settings) input() (string, error) {
	sum := sha256.New()
	for _, name := range []string{s.users, s.tags, s.locations} {
		fmt.Fprintf(sum, "%t\n", name != "")
		if name == "" {
			continue
		}
		if name == "-" {
			return "", nil
		}
		file, err := os.Open(name)
		if err != nil {
			return "", err
		}
		_, err = io.Copy(sum, file)
		if err = errors.Join(err, file.Close()); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// A secret is a token, and what it is called.
type secret struct{ name, token string }

// readSecrets reads the file of tokens. It is read once: it may be the standard input.
func (s *settings) readSecrets() error {
	for line, err := range source(s.tokens) {
		if err != nil {
			return err
		}
		fields := strings.Fields(line)
		switch len(fields) {
		case 1:
			s.secrets = append(s.secrets, secret{fmt.Sprint(len(s.secrets) + 1), fields[0]})
		case 2:
			s.secrets = append(s.secrets, secret{fields[0], fields[1]})
		default:
			return fmt.Errorf("%s: line %d of its tokens is neither a token nor a name and a token", s.tokens, len(s.secrets)+1)
		}
	}
	if len(s.secrets) == 0 {
		return fmt.Errorf("%s has no token", s.tokens)
	}
	return nil
}

// makeTokens makes a client for each token.
func (s *settings) makeTokens(options ...instagram.Option) (tokens []*harvest.Token, err error) {
	options = append(options, instagram.WithHTTPClient(&http.Client{Transport: instagram.NewTransport()}))
	if s.baseURL != "" {
		options = append(options, instagram.WithBaseURL(s.baseURL))
	}
	if s.lenient {
		options = append(options, instagram.WithLenientDecoding())
	}
	if s.secrets == nil {
		if err := s.readSecrets(); err != nil {
			return nil, err
		}
	}
	seen, names := map[string]bool{}, map[string]bool{}
	for _, secret := range s.secrets {
		token, err := harvest.NewToken(secret.name, secret.token, options...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.tokens, err)
		}
		if seen[token.Holder] {
			continue
		}
		if names[token.Name] {
			return nil, fmt.Errorf("%s: two tokens are called %s", s.tokens, token.Name)
		}
		seen[token.Holder], names[token.Name] = true, true
		tokens = append(tokens, token)
	}
	return tokens, nil
}
