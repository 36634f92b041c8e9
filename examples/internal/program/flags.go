package program

import (
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Flags are the flags of a program. Its Parse reports what makes no sense as one error, and prints
// the help for -h.
type Flags struct {
	*flag.FlagSet
	usage, about string
	least, most  int // arguments
}

// NewFlags describes a program: its usage is one line with its name and arguments, as in "latest
// [flags] FILE"; about says what it is for.
func NewFlags(usage, about string) *Flags {
	set := flag.NewFlagSet(usage, flag.ContinueOnError)
	set.SetOutput(io.Discard) // Parse reports
	return &Flags{FlagSet: set, usage: usage, about: about}
}

// Arguments says how many arguments Parse accepts after the flags. Without it there are none.
func (f *Flags) Arguments(least, most int) *Flags {
	f.least, f.most = least, most
	return f
}

// Parse reads the flags. For -h it prints the help to out and returns [flag.ErrHelp].
func (f *Flags) Parse(args []string, out io.Writer) error {
	switch err := f.FlagSet.Parse(args); {
	case err == flag.ErrHelp: //nolint:errorlint // Parse returns it as it is
		fmt.Fprintf(out, "Usage: %s\n\n%s\n", f.usage, f.about)
		var list strings.Builder
		f.SetOutput(&list)
		f.PrintDefaults()
		if list.Len() > 0 {
			fmt.Fprintf(out, "\nFlags:\n%s", &list)
		}
		return err
	case err != nil:
		return UsageError("%v", err)
	case f.NArg() < f.least:
		return UsageError("an argument is missing")
	case f.NArg() > f.most:
		return UsageError("unexpected argument") // it may be a token, so it is not named
	}
	return nil
}

// AtLeast defines a flag with a whole number that must not be under a minimum.
func (f *Flags) AtLeast(minimum int, name string, value int, usage string) *int {
	n := bounded{&value, minimum}
	f.Var(n, name, usage)
	return n.value
}

type bounded struct {
	value   *int
	minimum int
}

func (b bounded) String() string {
	if b.value == nil { // the flag package asks a zero value too
		return ""
	}
	return strconv.Itoa(*b.value)
}

func (b bounded) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("it must be a whole number")
	}
	if n < b.minimum {
		return fmt.Errorf("it must be at least %d", b.minimum)
	}
	*b.value = n
	return nil
}

// usageError is a command line that makes no sense.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message + " (-h shows how to use it)" }

// UsageError says what is wrong with a command line. The program ends with the exit code 2.
func UsageError(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}
