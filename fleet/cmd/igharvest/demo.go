package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/fleet"
	"github.com/igv1/instagram/instagramtest"
)

// The size of the demonstration.
const (
	demoUsers   = 360
	demoMedia   = 7000
	demoWorkers = 3
	demoTokens  = 3
	demoDelay   = 120 * time.Millisecond // of each answer
	demoPosts   = 3                      // between the two runs
)

// A demo is a harvest of a server of its own. One of its workers is killed.
type demo struct {
	settings
	*connection
	server  *instagramtest.Server
	users   []instagramtest.User
	workers []*exec.Cmd
	out     io.Writer
}

func demonstrate(ctx context.Context, out io.Writer) error {
	began := time.Now()
	dir, err := os.MkdirTemp("", "igharvest-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	d := &demo{out: out}
	d.server = instagramtest.NewServer(instagramtest.WithMode(instagramtest.Sandbox),
		instagramtest.WithUsers(demoUsers), instagramtest.WithMedia(1, demoMedia))
	defer d.server.Close()
	d.server.Fail("GET /users/{user-id}/media/recent", instagramtest.Fault{Delay: demoDelay}, -1)
	if err := d.prepare(dir); err != nil {
		return err
	}
	if d.connection, err = d.connect(ctx, always); err != nil {
		return err
	}
	defer d.connection.close()
	defer d.end()
	fmt.Fprintf(out, "%d accounts, %d tokens of 500 calls an hour, %d worker processes\n", len(d.users), demoTokens, demoWorkers)

	recovery, err := d.firstRun(ctx)
	if err != nil {
		return err
	}
	first, err := count(dir)
	if err != nil {
		return err
	}
	firstCalls := len(d.server.Requests())
	for _, u := range d.users[:demoPosts] {
		d.server.PostMedia(u.ID, instagramtest.Media{Caption: "something new"})
	}
	fmt.Fprintf(out, "%d more media are posted; the same once more\n", demoPosts)
	if err := d.secondRun(ctx); err != nil {
		return err
	}
	second, err := count(dir)
	if err != nil {
		return err
	}
	return d.table(ctx, first, second, firstCalls, recovery, time.Since(began))
}

// prepare writes the files that a user would write.
func (d *demo) prepare(dir string) error {
	var tokens, users strings.Builder
	for i, u := range d.server.Users() {
		if i < demoTokens {
			fmt.Fprintf(&tokens, "%s %s\n", u.Username, d.server.AccessToken(u.ID))
		}
		if !u.Private {
			d.users = append(d.users, u)
			fmt.Fprintln(&users, u.ID)
		}
	}
	d.settings = settings{
		out: filepath.Join(dir, "out"), tokens: filepath.Join(dir, "tokens"), users: filepath.Join(dir, "users"),
		baseURL: d.server.BaseURL(), hour: time.Hour,
	}
	d.settings.queue.Lease = 3 * time.Second
	return errors.Join(
		os.WriteFile(d.tokens, []byte(tokens.String()), 0o600),
		os.WriteFile(d.settings.users, []byte(users.String()), 0o600))
}

// work starts a worker process.
func (d *demo) work(ctx context.Context, parallel string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	worker := exec.CommandContext(ctx, program, "run", "-out", d.settings.out, "-tokens", d.tokens, "-base-url", d.baseURL,
		"-lease", d.settings.queue.Lease.String(), "-parallel", parallel, "-count", "10")
	if err := worker.Start(); err != nil {
		return err
	}
	d.workers = append(d.workers, worker)
	return nil
}

// end waits for the workers, which end when there is nothing left to do.
func (d *demo) end() {
	for _, w := range d.workers {
		_ = w.Wait() // one of them was killed
	}
	d.workers = nil
}

// firstRun reads all accounts, and kills a worker on the way. It returns after how long others had
// read what that one was reading.
func (d *demo) firstRun(ctx context.Context) (recovery time.Duration, err error) {
	if err := d.add(ctx, &d.settings, d.out); err != nil {
		return 0, err
	}
	for range demoWorkers {
		if err := d.work(ctx, "4"); err != nil {
			return 0, err
		}
	}
	var killed time.Time
	var reading []string
	err = d.follow(ctx, func(v *view) {
		if killed.IsZero() && v.Done > v.Total/4 && len(v.Workers) == demoWorkers {
			victim := d.workers[0].Process
			_ = victim.Kill()
			killed, reading = time.Now(), d.begun()
			fmt.Fprintf(d.out, "worker %d is killed\n", victim.Pid)
		}
		if recovery == 0 && !killed.IsZero() && len(both(reading, d.begun())) == 0 {
			recovery = time.Since(killed)
		}
	})
	return recovery, err
}

// begun names the lists that somebody began, and nobody has finished yet.
func (d *demo) begun() (lists []string) {
	entries, _ := os.ReadDir(d.archive.Meta("work")) // it is there: the archive was opened
	for _, e := range entries {
		lists = append(lists, e.Name())
	}
	return lists
}

func both(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}

func (d *demo) secondRun(ctx context.Context) error {
	if err := d.add(ctx, &d.settings, d.out); err != nil {
		return err
	}
	if err := d.work(ctx, "12"); err != nil {
		return err
	}
	return d.follow(ctx, func(*view) {})
}

// follow shows how far the run is, until it is over.
func (d *demo) follow(ctx context.Context, see func(*view)) error {
	defer d.end()
	limiter, err := fleet.NewLimiter(d.js, d.limits(d.connection.queue.Config))
	if err != nil {
		return err
	}
	w := &watch{connection: d.connection, limiter: limiter}
	for shown := time.Now(); ; {
		v, err := w.look(ctx)
		if err != nil {
			return err
		}
		see(v)
		if v.Running+v.Waiting == 0 {
			return nil
		}
		if time.Since(shown) > 2*time.Second {
			shown = time.Now()
			fmt.Fprintf(d.out, "%3d of %d accounts, %.0f media a second, %d workers\n", v.Done, v.Total, v.MediaPerSecond, len(v.Workers))
		}
		select {
		case <-time.After(time.Second / 4):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// A tally is what an archive holds.
type tally struct{ files, media, twice int }

func count(dir string) (t tally, err error) {
	err = filepath.WalkDir(filepath.Join(dir, "out", "users"), func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		t.files++
		seen := map[string]bool{}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			var m struct{ ID string }
			if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			t.media++
			if seen[m.ID] {
				t.twice++
			}
			seen[m.ID] = true
		}
		return lines.Err()
	})
	return t, err
}

func (d *demo) table(ctx context.Context, first, second tally, firstCalls int, recovery, took time.Duration) error {
	limiter, err := fleet.NewLimiter(d.js, d.limits(d.connection.queue.Config))
	if err != nil {
		return err
	}
	tokens, err := d.makeTokens(instagram.WithLimiter(limiter))
	if err != nil {
		return err
	}
	refused := 0
	requests := d.server.Requests()
	for _, r := range requests {
		if r.Status != 200 {
			refused++
		}
	}
	t := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\n\taccounts\tmedia\ttwice\tcalls\trefused\n")
	fmt.Fprintf(t, "first run\t%d\t%d\t%d\t%d\t\n", first.files, first.media, first.twice, firstCalls)
	fmt.Fprintf(t, "second run\t%d\t+%d\t%d\t%d\t\n", second.files, second.media-first.media, second.twice, len(requests)-firstCalls)
	fmt.Fprintf(t, "together\t%d\t%d\t%d\t%d\t%d\n", second.files, second.media, second.twice, len(requests), refused)
	charged := 0
	for _, token := range tokens {
		b, err := limiter.Budget(ctx, token.Holder)
		if err != nil {
			return err
		}
		charged += b.Limit - b.Left
		fmt.Fprintf(t, "token %s\t\t\t\t%d of %d\t\n", token.Name, b.Limit-b.Left, b.Limit)
	}
	t.Flush()
	fmt.Fprintf(d.out, "\nWhat the killed worker was reading, others had read %.1f s later. It had taken %d calls that\n"+
		"it did not make; they are free again in an hour.\n", recovery.Seconds(), charged-len(requests))
	fmt.Fprintf(d.out, "It took %.0f s. With your own server and tokens: igharvest -help\n", took.Seconds())
	return nil
}
