package docs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// maxTime is how long a command may run, or a server take to say that it is up.
const maxTime = 4 * time.Minute

// A Runner runs the commands of one page in a copy of the project.
type Runner struct {
	dir       string
	elsewhere map[string]bool
}

// NewRunner copies the project into dir. Commands that are in elsewhere are not run: another check
// runs them as they are.
func NewRunner(repo *Repo, dir string, elsewhere map[string]bool) (*Runner, error) {
	return &Runner{dir, elsewhere}, repo.Copy(dir)
}

// A step is a command of a console block, with what it should print.
type step struct {
	line       int
	command    string
	background bool
	want       []string
}

// Run runs the commands of a console block in their order:
//
//   - A command is a line that begins with "$ ". A backslash at its end joins the
//     next line to it. All begin in the project's directory, or where a cd of the
//     same block went.
//   - Lines below a command are what it prints, on both outputs together. Without
//     such lines, whatever it prints is right. A line of three dots stands for any
//     number of lines; three dots within a line for any text.
//   - A command that fails must show "exit status N", as go run prints it.
//   - A command that ends with " &" runs until the block ends. What it should
//     print is waited for before the next command runs.
func (r *Runner) Run(block Block) error {
	steps, err := stepsOf(block)
	if err != nil {
		return err
	}
	dir := r.dir
	var running []*process
	defer func() {
		for _, p := range running {
			p.stop()
		}
	}()
	for _, s := range steps {
		if r.elsewhere[s.command] {
			continue
		}
		at := fmt.Sprintf("%s:%d: %s", block.Page, s.line, s.command)
		p, err := start(dir, s.command)
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		if s.background {
			running = append(running, p)
			err = p.prints(s.want)
		} else {
			dir, err = p.finish(dir, s.want)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	}
	return nil
}

func stepsOf(block Block) ([]step, error) {
	var steps []step
	joins := false
	for i, line := range strings.Split(strings.TrimSuffix(block.Text, "\n"), "\n") {
		text, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case joins:
			last := &steps[len(steps)-1]
			last.command = strings.TrimSuffix(last.command, `\`) + line
		case isCommand:
			steps = append(steps, step{line: block.Line + i, command: text})
		case len(steps) == 0:
			return nil, fmt.Errorf("%s: a console block begins with a command, behind \"$ \"", block)
		default:
			last := &steps[len(steps)-1]
			last.want = append(last.want, line)
		}
		joins = (isCommand || joins) && strings.HasSuffix(line, `\`)
	}
	for i := range steps {
		steps[i].command, steps[i].background = strings.CutSuffix(steps[i].command, " &")
	}
	return steps, nil
}

// A process is a command that runs, with all that it starts.
type process struct {
	cmd    *exec.Cmd
	cancel context.CancelFunc
	where  string // the file that says in which directory it ended

	mu   sync.Mutex
	text strings.Builder
}

func (p *process) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(text)
}

func start(dir, command string) (*process, error) {
	where, err := os.CreateTemp("", "docs-*")
	if err != nil {
		return nil, err
	}
	where.Close()
	ctx, cancel := context.WithTimeout(context.Background(), maxTime)
	p := &process{cancel: cancel, where: where.Name()}
	p.cmd = exec.CommandContext(ctx, "bash", "-c", command+"\nstatus=$?; pwd >'"+p.where+"'; exit $status") //nolint:gosec // it comes from a page of the project
	p.cmd.Dir = dir
	p.cmd.Stdout, p.cmd.Stderr = p, p
	p.cmd.Env = append(os.Environ(), "GOFLAGS=-trimpath", "GOWORK=off") // so that nothing is built twice
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.cmd.Cancel = func() error { return syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }
	p.cmd.WaitDelay = 10 * time.Second
	return p, p.cmd.Start()
}

// finish waits for the end of a command, and returns the directory for the next.
func (p *process) finish(dir string, want []string) (string, error) {
	defer p.cancel()
	defer os.Remove(p.where) //nolint:errcheck // it is a temporary file
	err := p.cmd.Wait()
	if err != nil && !strings.Contains(strings.Join(want, "\n"), "exit status") {
		return "", fmt.Errorf("%w\n%s", err, p.output())
	}
	if len(want) > 0 && !matches(want, p.output()) {
		return "", differs(want, p.output())
	}
	if now, err := os.ReadFile(p.where); err == nil && len(now) > 0 {
		dir = strings.TrimSpace(string(now))
	}
	return filepath.Clean(dir), nil
}

// prints waits until a command in the background has printed what it should.
func (p *process) prints(want []string) error {
	for end := time.Now().Add(maxTime); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if matches(append(want[:len(want):len(want)], "..."), p.output()) {
			return nil
		}
	}
	return differs(want, p.output())
}

// stop interrupts a command in the background, as Ctrl-C does.
func (p *process) stop() {
	defer os.Remove(p.where) //nolint:errcheck // it is a temporary file
	defer p.cancel()
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT) // it may have ended
	kill := time.AfterFunc(10*time.Second, p.cancel)
	defer kill.Stop()
	_ = p.cmd.Wait() // the signal is its error
}

var noise = regexp.MustCompile(`(?m)^go: (downloading|finding|extracting) .*\n`)

// output is what the command has printed, without what depends on caches.
func (p *process) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return noise.ReplaceAllString(p.text.String(), "")
}

// matches says whether an output is the one that is shown.
func matches(want []string, got string) bool {
	var pattern strings.Builder
	pattern.WriteString(`^`)
	for _, line := range trimmed(want) {
		if line == "..." {
			pattern.WriteString(`(?:.*\n)*?`)
			continue
		}
		parts := strings.Split(line, "...")
		for i, part := range parts {
			parts[i] = regexp.QuoteMeta(part)
		}
		pattern.WriteString(strings.Join(parts, `.*`) + `\n`)
	}
	pattern.WriteString(`$`)
	text := strings.Join(trimmed(strings.Split(got, "\n")), "\n") + "\n"
	return regexp.MustCompile(pattern.String()).MatchString(text)
}

// trimmed drops spaces at the ends of lines, and empty lines at the end.
func trimmed(lines []string) []string {
	kept := make([]string, len(lines))
	for i, line := range lines {
		kept[i] = strings.TrimRight(line, " \t\r")
	}
	for len(kept) > 0 && kept[len(kept)-1] == "" {
		kept = kept[:len(kept)-1]
	}
	return kept
}

func differs(want []string, got string) error {
	return errors.New("it does not print what is shown\nshown:\n" + strings.Join(want, "\n") + "\nprinted:\n" + got)
}
