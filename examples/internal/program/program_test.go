package program_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/examples/internal/program"
	"github.com/igv1/instagram/examples/internal/program/programtest"
)

func TestMain(m *testing.M) {
	programtest.Main(m, func() { program.Main("sample", sample) })
}

// sample waits, or fails, or prints something that a terminal would obey.
func sample(ctx context.Context, args []string, out, status io.Writer) error {
	flags := program.NewFlags("sample [flags]", "Does what a test asks for, and nothing that would be of any other use.")
	wait := flags.Bool("wait", false, "wait for Ctrl-C")
	fail := flags.String("fail", "", "end with this error")
	print := flags.String("print", "", "print this")
	flags.AtLeast(1, "workers", 4, "how many at a time")
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	if *wait {
		fmt.Fprintln(status, "waiting")
		<-ctx.Done()
		return fmt.Errorf("cut off: %w", ctx.Err())
	}
	fmt.Fprint(out, *print)
	if *fail != "" {
		return errors.New(*fail)
	}
	return nil
}

func TestProgram(t *testing.T) {
	programtest.Behaves(t, "sample")
	programtest.Refuses(t, "sample", "extra")
	programtest.Refuses(t, "sample", "-workers", "0")
	programtest.Refuses(t, "sample", "-workers", "-1")
	programtest.Refuses(t, "sample", "-workers", "many")
	programtest.Stops(t, "sample", 1, "-wait")

	code, _, status := programtest.Output(t, "-fail", "no\x1b[2J such\nthing")
	assert.Equal(t, 1, code)
	assert.Equal(t, "sample: no\ufffd[2J such thing\n", status)
}

func TestHelp(t *testing.T) {
	_, out, _ := programtest.Output(t, "-h")
	assert.Contains(t, out, "how many at a time (default 4)")
}

// An argument that is out of place may be a token.
func TestUnexpectedArgumentIsNotRepeated(t *testing.T) {
	_, _, status := programtest.Output(t, "-fail=", "1574083.secret")
	assert.NotContains(t, status, "secret")
}

// One of the flags for a server without the other says which one is missing.
func TestAPI(t *testing.T) {
	for want, api := range map[string]program.API{
		"-base-url needs -token, an access token of that server": {BaseURL: "http://localhost/v1"},
		"-token needs -base-url, the server that it is for":      {Token: "x"},
	} {
		_, err := api.Start(io.Discard)
		assert.ErrorContains(t, err, want)
	}
}

func TestWriter(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"plain\ttext\n", "plain\ttext\n"},
		{"\x1b]0;title\x07", "\ufffd]0;title\ufffd"},
		{"back\b\b\rover", "back\ufffd\ufffd\ufffdover"},
		{"\u009b2J", "\ufffd2J"},         // a control sequence of one character
		{"\x9b2J", "\ufffd2J"},           // the same as a byte
		{"a\u202eb", "a\ufffdb"},         // turns the direction of the text
		{"👩‍👩‍👧 été 夕方", "👩‍👩‍👧 été 夕方"}, // joiners stay
		{"\x7f", "\ufffd"},
	} {
		var whole, bytewise strings.Builder
		_, err := io.WriteString(program.NewWriter(&whole), test.text)
		require.NoError(t, err)
		assert.Equal(t, test.want, whole.String())
		slow := program.NewWriter(&bytewise)
		for i := range len(test.text) {
			_, err := slow.Write([]byte{test.text[i]})
			require.NoError(t, err)
		}
		assert.Equal(t, test.want, bytewise.String())
	}
	_, err := program.NewWriter(closed{}).Write([]byte("x"))
	assert.ErrorIs(t, err, os.ErrClosed)
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, os.ErrClosed }
