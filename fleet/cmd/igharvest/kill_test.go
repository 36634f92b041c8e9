//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/fleet/internal/archive"
	"github.com/igv1/instagram/fleet/internal/embedded"
)

// Workers are killed again and again, as by kill -9, and NATS as well.
func TestWhateverIsKilledNothingIsLostOrTwice(t *testing.T) {
	t.Parallel()
	t.Run("NATS in a process of its own", func(t *testing.T) { t.Parallel(); killEverything(t, 5) })
	t.Run("NATS in one of the workers", func(t *testing.T) { t.Parallel(); killEverything(t, 0) })
}

func killEverything(t *testing.T, natsKills int) {
	users, workerKills, lease := 250, 20, "3s"
	if *whole {
		users, lease = 500, "12s"
	}
	w := newWorld(t, users, 0, 20, 3, 1)
	w.delay = 150 * time.Millisecond
	dir := t.TempDir()
	flags := append(w.files(t), "-out", dir, "-count", "5", "-lease", lease, "-parallel", "2", "-attempts", "30")
	var nats *process
	if natsKills > 0 {
		nats = serve(t, dir)
		flags = append(flags, "-nats", natsURL(t, dir))
	}
	var workers []*process
	for range 4 {
		workers = append(workers, start(t, flags...))
	}
	eventually(t, 30*time.Second, "the first calls", func() bool { return len(w.made()) > 10 })
	for kill := range workerKills {
		time.Sleep(time.Duration(150+rand.IntN(200)) * time.Millisecond)
		victim := workers[rand.IntN(len(workers))]
		victim.kill()
		victim.run()
		if natsKills > 0 && kill%(workerKills/natsKills) == 2 {
			nats.kill()
			killed := time.Now()
			time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond)
			nats.run()
			restarted := len(w.made())
			eventually(t, time.Minute, "calls after NATS was killed", func() bool { return len(w.made()) > restarted+10 })
			t.Logf("NATS was killed; %.1f s later calls went on", time.Since(killed).Seconds())
		}
	}
	busy := len(w.made())
	waitAll(t, 5*time.Minute, workers...)
	assert.Greater(t, len(w.made()), busy, "the kills came while there was work")
	w.assertArchive(t, dir)
	assert.Zero(t, w.refused)
	pages := 0
	for _, m := range w.media {
		pages += max((len(m)+4)/5, 1)
	}
	t.Logf("%d calls for %d pages", len(w.made()), pages)
	if nats != nil {
		nats.kill()
	}
	status(t, dir, fmt.Sprint(users, " done"), "0 running", "0 waiting", "0 dead")
}

func natsURL(t *testing.T, dir string) string {
	t.Helper()
	access, err := embedded.ReadAccess(filepath.Join(dir, ".igharvest", "nats"))
	require.NoError(t, err)
	return "nats://" + access.Token + "@" + access.Address
}

// status starts NATS on a directory, and checks what status says of it.
func status(t *testing.T, dir string, wants ...string) string {
	t.Helper()
	p := start(t, "status", "-dead", "-out", dir)
	p.wait(30 * time.Second)
	for _, want := range wants {
		assert.Contains(t, strings.Join(strings.Fields(p.output()), " "), want)
	}
	return p.output()
}

// longList is a world with one user of many pages.
func longList(t *testing.T, pages int, delay time.Duration) *world {
	t.Helper()
	w := newWorld(t, 1, 0, 0, 2, 1)
	for range pages * 5 {
		w.post(w.users[0])
	}
	w.delay = delay
	return w
}

// The list of a worker that dies goes to another one, at the page where it was.
func TestAListOfADeadWorkerGoesOnWithin15Seconds(t *testing.T) {
	t.Parallel()
	w := longList(t, 20, 100*time.Millisecond)
	dir := t.TempDir()
	serve(t, dir)
	flags := append(w.files(t), "-out", dir, "-count", "5")
	first := start(t, flags...)
	eventually(t, 20*time.Second, "half of the list", func() bool { return len(w.made()) >= 10 })
	second := start(t, flags...)
	eventually(t, 10*time.Second, "the second worker", func() bool { return strings.Contains(second.output(), "nothing to add") })
	first.kill()
	killed := time.Now()
	time.Sleep(3 * w.delay) // the server still answers a call of the first one
	before := len(w.made())
	eventually(t, 20*time.Second, "calls of the second worker", func() bool { return len(w.made()) > before })
	took := time.Since(killed)
	t.Logf("a list went on %.1f s after its worker was killed", took.Seconds())
	assert.Less(t, took, 15*time.Second)
	waitAll(t, time.Minute, second)
	w.assertArchive(t, dir)
	assert.LessOrEqual(t, len(w.made()), 22, "it went on at the page where the first one was")
}

// The worker that runs NATS is killed, and nobody starts it again: another one runs NATS.
func TestAnotherWorkerRunsNATSWhenTheFirstIsKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 60, 0, 20, 3, 1)
	w.delay = 50 * time.Millisecond
	dir := t.TempDir()
	flags := append(w.files(t), "-out", dir, "-count", "5", "-lease", "3s", "-parallel", "2")
	workers := []*process{start(t, flags...)}
	eventually(t, 20*time.Second, "the first calls", func() bool { return len(w.made()) > 5 })
	workers = append(workers, start(t, flags...), start(t, flags...))
	for _, other := range workers[1:] {
		eventually(t, 20*time.Second, "another worker", func() bool { return strings.Contains(other.output(), "nothing to add") })
	}
	workers[0].kill()
	killed, before := time.Now(), len(w.made())
	eventually(t, 30*time.Second, "calls of the others", func() bool { return len(w.made()) > before+8 })
	t.Logf("the worker with NATS was killed; %.1f s later calls went on", time.Since(killed).Seconds())
	waitAll(t, time.Minute, workers[1:]...)
	w.assertArchive(t, dir)
	status(t, dir, "60 done", "0 waiting", "0 dead")
}

// NATS is killed and started again while workers wait for more. They are told apart from those that
// are gone, hear what they are told, and read what is added.
func TestWorkersThatWaitOutliveNATS(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10, 1, 5, 1, 1)
	dir := t.TempDir()
	nats := serve(t, dir)
	flags := append(w.files(t), "-out", dir, "-lease", "2s", "-stay", "-nats", natsURL(t, dir))
	workers := []*process{start(t, flags...), start(t, flags...)}
	eventually(t, 20*time.Second, "all lists", func() bool { return len(w.made()) >= 10 })
	nats.kill()
	nats.run()
	eventually(t, time.Minute, "NATS", func() bool { return strings.Count(nats.output(), "is at") == 2 })
	eventually(t, time.Minute, "reports of both workers", func() bool {
		output, err := igharvest(t, "status", "-out", dir)
		return err == nil && strings.Contains(output, "2 workers")
	})
	eventually(t, time.Minute, "the end of what was under way", func() bool {
		output, err := igharvest(t, "status", "-out", dir)
		return err == nil && strings.Contains(strings.Join(strings.Fields(output), " "), "0 running 0 waiting")
	})
	calls := len(w.made())
	_, err := igharvest(t, "add", "-out", dir, "-users", flags[5])
	require.NoError(t, err)
	eventually(t, time.Minute, "calls for what was added", func() bool { return len(w.made()) >= calls+10 })
	told := time.Now()
	output, err := igharvest(t, "stop", "-out", dir)
	require.NoError(t, err, output)
	waitAll(t, time.Minute, workers...)
	t.Logf("they ended %.1f s after they were told to", time.Since(told).Seconds())
	w.assertArchive(t, dir)
}

// A worker stands still, its list goes to another one, and it wakes up.
func TestAWorkerThatWakesUpWritesNothing(t *testing.T) {
	t.Parallel()
	w := longList(t, 30, 50*time.Millisecond)
	dir := t.TempDir()
	serve(t, dir)
	flags := append(w.files(t), "-out", dir, "-count", "5", "-lease", "2s", "-stay")
	asleep := start(t, flags...)
	eventually(t, 20*time.Second, "half of the list", func() bool { return len(w.made()) >= 10 })
	asleep.signal(syscall.SIGSTOP)
	awake := start(t, flags...)
	a, err := archive.Open(dir)
	require.NoError(t, err)
	file := a.File(archive.List{Kind: archive.Users, Name: w.users[0].ID})
	eventually(t, 30*time.Second, "the list", func() bool { _, err := os.Stat(file); return err == nil })
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	w.assertArchive(t, dir)

	calls := len(w.made())
	asleep.signal(syscall.SIGCONT)
	eventually(t, 20*time.Second, "its giving up", func() bool { return strings.Contains(asleep.output(), "given up") })
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
	assert.LessOrEqual(t, len(w.made()), calls+1, "it may have been about to ask for one page")
	left, err := filepath.Glob(a.Meta("work") + "/*/*")
	require.NoError(t, err)
	assert.Empty(t, left)
	assert.False(t, awake.ended() || asleep.ended(), "both are ready for more")
}

// A proxy stands between workers and NATS. It stops, delays and resets.
func TestPartitionsBetweenWorkersAndNATS(t *testing.T) {
	t.Parallel()
	users, faults := 150, 12
	if *whole {
		users, faults = 500, 40
	}
	w := newWorld(t, users, 0, 20, 3, 1)
	w.delay = 50 * time.Millisecond
	dir := t.TempDir()
	serve(t, dir)
	access, err := embedded.ReadAccess(filepath.Join(dir, ".igharvest", "nats"))
	require.NoError(t, err)
	var proxies []*proxy
	var workers []*process
	for range 4 {
		p := newProxy(t, access.Address)
		proxies = append(proxies, p)
		workers = append(workers, start(t, append(w.files(t), "-out", dir, "-count", "5", "-lease", "3s", "-parallel", "2",
			"-attempts", "30", "-nats", "nats://"+access.Token+"@"+p.address())...))
	}
	eventually(t, 30*time.Second, "the first calls", func() bool { return len(w.made()) > 10 })
	for fault := range faults {
		p := proxies[rand.IntN(len(proxies))]
		switch fault % 3 {
		case 0:
			p.set(stopped)
			time.Sleep(time.Duration(rand.IntN(4000)) * time.Millisecond)
		case 1:
			p.set(delayed)
			time.Sleep(time.Duration(rand.IntN(1000)) * time.Millisecond)
		case 2:
			p.reset()
		}
		p.set(open)
		time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
	}
	waitAll(t, 5*time.Minute, workers...)
	w.assertArchive(t, dir)
	w.assertBudget(t, 5000)
}

// A proxy passes bytes on, or does not.
type proxy struct {
	listener net.Listener
	target   string

	mu    sync.Mutex
	state proxyState
	freed *sync.Cond
	conns map[net.Conn]bool
}

type proxyState int

const (
	open    proxyState = iota
	stopped            // nothing gets through, and nobody is told
	delayed            // everything takes a third of a second more
)

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{listener: listener, target: target, conns: map[net.Conn]bool{}}
	p.freed = sync.NewCond(&p.mu)
	go p.accept()
	t.Cleanup(func() { listener.Close(); p.set(open); p.reset() })
	return p
}

func (p *proxy) address() string { return p.listener.Addr().String() }

func (p *proxy) accept() {
	for {
		in, err := p.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", p.target)
		if err != nil {
			in.Close()
			continue
		}
		p.mu.Lock()
		p.conns[in], p.conns[out] = true, true
		p.mu.Unlock()
		go p.pass(in, out)
		go p.pass(out, in)
	}
}

func (p *proxy) pass(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		for p.state == stopped {
			p.freed.Wait()
		}
		delay := p.state == delayed
		p.mu.Unlock()
		if delay {
			time.Sleep(time.Second / 3)
		}
		if _, failed := to.Write(buffer[:n]); failed != nil || err != nil {
			return
		}
	}
}

func (p *proxy) set(s proxyState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state = s
	p.freed.Broadcast()
}

// reset cuts all connections, as by a router that forgot them.
func (p *proxy) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		c.Close()
		delete(p.conns, c)
	}
}

// The last worker takes NATS with it: whoever told it to end hears of that.
func TestTheLastWorkerTakesNATSWithIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, 1, 1, 1, 1)
	dir := t.TempDir()
	worker := start(t, append(w.files(t), "-out", dir, "-stay")...)
	eventually(t, 30*time.Second, "a call", func() bool { return len(w.made()) > 0 })
	told := time.Now()
	output, err := igharvest(t, "drain", "-out", dir)
	require.NoError(t, err)
	assert.Contains(t, output, "all workers have ended")
	waitAll(t, 10*time.Second, worker)
	_, err = igharvest(t, "stop", "-out", dir)
	assert.ErrorContains(t, err, "nobody runs NATS")
	t.Logf("%.1f s", time.Since(told).Seconds())
}
