package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"

	"github.com/igv1/instagram/instagramtest"
)

// settings are what the flags say.
type settings struct {
	opts       []instagramtest.Option
	addr       string
	hosts      []string
	tls        bool
	certOut    string
	printHosts bool
	token      string // of the first -token, "" if there is none
	data       string // recorded data, "" if there is none
	strict     bool
}

// parse reads the flags. If help is asked for, it prints that.
func parse(args []string, stderr io.Writer) (*settings, error) {
	s := &settings{}
	flags := flag.NewFlagSet("instagramtest", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	finish := s.define(flags, stderr)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(stderr, about)
			flags.SetOutput(stderr)
			flags.PrintDefaults()
		}
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q: there are only flags", flags.Arg(0))
	}
	return s, finish()
}

const about = `Usage: instagramtest [flags]

A server that speaks the Instagram v1 API, for programs that were written for it. It makes a world of
people and their media, the same one for each seed, or serves the recorded answers and exports that
-data names. Its home page is a console in the browser. It runs until Ctrl-C.

Flags:
`

// option is how an error names an option, with the value that it was given or without.
var option = regexp.MustCompile(`\bWith([A-Za-z]+)(\(("[^"]*")\))?`)

// flagOf lists the flags by the options that they stand for.
var flagOf = map[string]string{
	"Addr": "-addr", "DataFile": "-data", "Data": "-data", "StrictData": "-strict", "Save": "-save",
	"Hosts": "-host", "PublicURL": "-public-url", "CORS": "-cors", "Token": "-token", "RedirectURI": "-redirect-uri",
}

// inFlags names the flag where an error names its option.
func inFlags(text string) string {
	return option.ReplaceAllStringFunc(text, func(found string) string {
		parts := option.FindStringSubmatch(found)
		return strings.TrimSpace(cmp.Or(flagOf[parts[1]], found) + " " + parts[3])
	})
}

func (s *settings) add(opt instagramtest.Option) { s.opts = append(s.opts, opt) }

// define declares the flags. What it returns makes options of them when they are read.
func (s *settings) define(flags *flag.FlagSet, stderr io.Writer) (finish func() error) {
	flags.StringVar(&s.addr, "addr", "127.0.0.1:8080", "`address` to listen on; port 0 picks a free one")
	seed := flags.Int64("seed", 1, "`number` that the world is made from")
	wire := flags.Int("wire", 2017, "generation of the API, by `year`: 2011, 2013 or 2017")
	mode := flags.String("mode", "live", "`mode` of the app, live or sandbox, which sets its limits")
	world := s.defineWorld(flags)
	s.defineNames(flags)
	s.defineApp(flags)
	logs := flags.Bool("log", false, "write a line for each request to standard error; no secrets are in it")
	s.flag(flags, "signed", "refuse calls without a valid sig", instagramtest.WithSignedRequests)
	s.flag(flags, "forwarded", "refuse writes without a valid X-Insta-Forwarded-For", instagramtest.WithSignedForwardedFor)
	s.flag(flags, "remote-callbacks", "let apps subscribe with callbacks beyond the loopback interface", instagramtest.WithRemoteCallbacks)
	return func() error {
		switch {
		case *wire != 2011 && *wire != 2013 && *wire != 2017:
			return fmt.Errorf("-wire must be 2011, 2013 or 2017, not %d", *wire)
		case *mode != "live" && *mode != "sandbox":
			return fmt.Errorf("-mode must be live or sandbox, not %q", *mode)
		case s.certOut != "" && !s.tls && !s.printHosts:
			return errors.New("-cert-out needs -tls")
		}
		s.add(instagramtest.WithAddr(s.addr))
		s.add(instagramtest.WithSeed(*seed))
		s.add(instagramtest.WithWire(instagramtest.Wire(*wire)))
		if *mode == "sandbox" {
			s.add(instagramtest.WithMode(instagramtest.Sandbox))
		}
		if s.tls {
			s.add(instagramtest.WithTLS())
		}
		if *logs {
			s.add(instagramtest.WithLog(stderr))
		}
		return world()
	}
}

// defineWorld declares what the world is made of.
func (s *settings) defineWorld(flags *flag.FlagSet) (finish func() error) {
	users := flags.Int("users", 150, "`number` of users of a world made from the seed")
	media := flags.Int("media", 3240, "`number` of media of a world made from the seed; the main user has 240 of them, or all if there are fewer")
	data := flags.String("data", "", "`file` or directory of recorded answers, or an export of Instagram's, also as a .zip, to serve instead of a world made from the seed; nothing is written there")
	save := flags.String("save", "", "`file` to save what is written to a world of recorded answers; needs -data")
	strict := flags.Bool("strict", false, "do not start if anything in the recorded answers cannot be used; needs -data")
	return func() error {
		switch {
		case *save != "" && *data == "":
			return errors.New("-save needs -data: only a world of recorded answers is saved")
		case *strict && *data == "":
			return errors.New("-strict needs -data")
		case *users < 2:
			return fmt.Errorf("-users must be at least 2, not %d", *users)
		case *media < 0:
			return fmt.Errorf("-media cannot be negative, as %d is", *media)
		}
		main := min(240, *media)
		s.add(instagramtest.WithUsers(*users))
		s.add(instagramtest.WithMedia(main, *media-main))
		s.data, s.strict = *data, *strict
		if *save != "" {
			s.add(instagramtest.WithSave(*save))
		}
		if *strict {
			s.add(instagramtest.WithStrictData())
		}
		return nil
	}
}

// defineNames declares under which names the server is found.
func (s *settings) defineNames(flags *flag.FlagSet) {
	flags.BoolVar(&s.tls, "tls", false, "serve https with a certificate made for this server")
	flags.StringVar(&s.certOut, "cert-out", "", "`file` to write the certificate to, as PEM; needs -tls")
	flags.BoolVar(&s.printHosts, "print-hosts", false, "print what to put into the hosts file and how to trust the certificate, and end")
	flags.Func("host", "`name` that the server stands in for, as api.instagram.com; may be repeated", func(name string) error {
		if strings.ContainsAny(name, ":/ ") || name == "" || net.ParseIP(name) != nil {
			return errors.New("it must be a name without scheme and port, as api.instagram.com")
		}
		s.hosts = append(s.hosts, name)
		s.add(instagramtest.WithHosts(name))
		return nil
	})
	flags.Func("public-url", "scheme and host that the `URL`s in answers start with, instead of those of the request", func(url string) error {
		s.add(instagramtest.WithPublicURL(url))
		return nil
	})
	flags.Func("cors", "`origin` whose pages may call the server from a browser, beside those of this machine; null for files, * for all; may be repeated", func(origin string) error {
		s.add(instagramtest.WithCORS(origin))
		return nil
	})
}

// defineApp declares what a program has built in.
func (s *settings) defineApp(flags *flag.FlagSet) {
	var id, secret string
	credentials := func(set *string) func(string) error {
		return func(value string) error {
			*set = value
			s.add(instagramtest.WithClientCredentials(id, secret))
			return nil
		}
	}
	flags.Func("client-id", "`id` of the app, instead of one made from the seed", credentials(&id))
	flags.Func("client-secret", "`secret` of the app, instead of one made from the seed", credentials(&secret))
	flags.Func("token", "`USER=TOKEN`: an access token that is valid for a user, by username or id; may be repeated", func(pair string) error {
		user, token, ok := strings.Cut(pair, "=")
		if !ok || user == "" || token == "" {
			return errors.New("it must be USER=TOKEN")
		}
		if s.token == "" {
			s.token = token
		}
		s.add(instagramtest.WithToken(user, token))
		return nil
	})
	flags.Func("redirect-uri", "`URL` that the app may sign people in with, instead of every one on the loopback interface; may be repeated", func(uri string) error {
		s.add(instagramtest.WithRedirectURI(uri))
		return nil
	})
}

// flag declares a switch for an option that takes no value.
func (s *settings) flag(flags *flag.FlagSet, name, usage string, opt func() instagramtest.Option) {
	flags.BoolFunc(name, usage, func(value string) error {
		if value != "true" {
			return errors.New("give it without a value, or leave it out")
		}
		s.add(opt())
		return nil
	})
}
