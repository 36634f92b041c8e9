// Package embedded runs a NATS server with JetStream in this process.
package embedded

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gofrs/flock"
	"github.com/nats-io/nats-server/v2/server"
)

// A Server is a NATS server that keeps its streams in a directory.
type Server struct {
	Access // how to connect to it

	nats *server.Server
	lock *flock.Flock
}

// ErrRunning says that another process runs a server on the directory.
var ErrRunning = errors.New("another process runs NATS on this directory")

// Access is how a client gets in. It is in a file that only its owner reads.
type Access struct {
	Address string `json:"address"` // host and port, on the loopback interface
	Token   string `json:"token"`
}

// Running reports whether a process runs a server on a directory.
func Running(dir string) bool {
	lock := flock.New(filepath.Join(dir, lockFile))
	free, err := lock.TryLock()
	if free {
		_ = lock.Unlock() // it ends with the process in any case
	}
	return err == nil && !free
}

// Options say how a server runs.
type Options struct {
	Dir string // where its streams are

	// NoSync leaves it to the server when what it acknowledged gets to the disk: every two minutes.
	// A loss of power then loses what came since. It is for measurements.
	NoSync bool
}

const (
	accessFile = "access.json"
	lockFile   = "lock"
)

// Start starts a server on the loopback interface, on the port that the last server on the same
// directory had, if it is free. Others on this machine find it with [ReadAccess].
func Start(o Options) (*Server, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(o.Dir, lockFile))
	if ok, err := lock.TryLock(); err != nil {
		return nil, err
	} else if !ok {
		return nil, ErrRunning
	}
	s, err := start(o)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	s.lock = lock
	return s, nil
}

func start(o Options) (*Server, error) {
	access, err := ReadAccess(o.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		access = Access{Address: "127.0.0.1:0", Token: rand.Text()}
	} else if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(access.Address)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	s, err := run(o, number, access.Token)
	if err != nil && number != 0 {
		s, err = run(o, 0, access.Token) // somebody else has the port
	}
	if err != nil {
		return nil, err
	}
	if err := writeAccess(o.Dir, s.Access); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func run(o Options, port int, token string) (*Server, error) {
	if port == 0 {
		port = server.RANDOM_PORT
	}
	nats, err := server.NewServer(&server.Options{
		ServerName:    "igharvest",
		Host:          "127.0.0.1",
		Port:          port,
		Authorization: token,
		JetStream:     true,
		StoreDir:      o.Dir,
		SyncAlways:    !o.NoSync,
		NoLog:         true,
		NoSigs:        true,
		MaxPayload:    1 << 20,
	})
	if err != nil {
		return nil, err
	}
	failed := make(chan error, 1)
	nats.SetLoggerV2(fatalities(failed), false, false, false)
	nats.Start()
	deadline := time.Now().Add(30 * time.Second)
	for !nats.ReadyForConnections(50 * time.Millisecond) {
		select {
		case err := <-failed:
			nats.Shutdown()
			return nil, err
		default:
		}
		if time.Now().After(deadline) {
			nats.Shutdown()
			return nil, errors.New("NATS does not start")
		}
	}
	return &Server{Access: Access{nats.Addr().String(), token}, nats: nats}, nil
}

// fatalities is a log of nothing but what keeps a server from starting.
type fatalities chan error

func (f fatalities) Fatalf(format string, v ...any) {
	select {
	case f <- fmt.Errorf("NATS: "+format, v...):
	default:
	}
}
func (fatalities) Noticef(string, ...any) {}
func (fatalities) Warnf(string, ...any)   {}
func (fatalities) Errorf(string, ...any)  {}
func (fatalities) Debugf(string, ...any)  {}
func (fatalities) Tracef(string, ...any)  {}

// Close stops the server. Its directory stays.
func (s *Server) Close() {
	s.nats.Shutdown()
	s.nats.WaitForShutdown()
	if s.lock != nil {
		_ = s.lock.Unlock() // it ends with the process in any case
	}
}

// URL is the server's address for [nats.Connect].
func (a Access) URL() string { return "nats://" + a.Address }

// ReadAccess returns how to get into the server on a directory, which may be down.
func ReadAccess(dir string) (Access, error) {
	var a Access
	text, err := os.ReadFile(filepath.Join(dir, accessFile))
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("%s: %w", filepath.Join(dir, accessFile), err)
	}
	return a, nil
}

func writeAccess(dir string, a Access) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, accessFile) // it is for its owner alone
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), filepath.Join(dir, accessFile))
}
