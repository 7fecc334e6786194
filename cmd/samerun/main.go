package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"samerun/internal/gocmd"
	"samerun/internal/screen"
	"samerun/internal/text"
)

// The exit statuses of the tool. Those of the verb replay are with it.
const (
	exitOK          = 0
	exitFailure     = 1
	exitMisuse      = 2
	exitInterrupted = 130 // what a shell reports for a command that Ctrl-C ended
)

// app is what a verb gets of the world around it, so that tests can stand in for it.
type app struct {
	stdout, stderr io.Writer
	gocmd.Caller
}

// verb is one subcommand.
type verb struct {
	name, summary string
	help          func() string
	run           func(ctx context.Context, a *app, args []string) int
}

func verbs() []verb {
	return []verb{testVerb(), runVerb(), replayVerb(), traceVerb(), diffVerb(), goflagsVerb(), shrinkVerb(), doctorVerb(), overlayVerb()}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C must end the tool even when the orderly way hangs.
	context.AfterFunc(ctx, stop)
	// Without a handler, writing to a closed pipe would end the tool at once and
	// leave its children behind; with one, the write returns an error.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(os.Stderr, "samerun: the current directory cannot be found:", err)
		os.Exit(exitMisuse)
	}
	a := &app{os.Stdout, os.Stderr, gocmd.Caller{Dir: dir, Environ: os.Environ(), Self: selfCommand(os.Args[0])}}
	os.Exit(a.main(ctx, os.Args[1:]))
}

// main runs the verb that args name and returns the exit status. That is never one of
// success if what the verb had to say could not be written.
func (a *app) main(ctx context.Context, args []string) int {
	lookup := func(name string) (string, bool) { return gocmd.LookupEnv(a.Environ, name) }
	out := &screen.Output{To: a.stdout, ASCII: screen.OnlyASCII(a.stdout, lookup)}
	a.stdout = out
	a.stderr = &screen.Output{To: a.stderr, ASCII: screen.OnlyASCII(a.stderr, lookup)}
	status := a.run(ctx, args)
	if err := out.Failed(); err != nil && status != exitMisuse {
		return a.misuse("samerun", fmt.Errorf("standard output cannot be written: %w", err))
	}
	return status
}

// run runs the verb that args name.
func (a *app) run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		io.WriteString(a.stderr, usage())
		return exitMisuse
	}
	name, rest := args[0], args[1:]
	switch name {
	case "help", "-h", "-help", "--help":
		return a.help(rest)
	}
	for _, v := range verbs() {
		if v.name == name {
			return v.run(ctx, a, rest)
		}
	}
	return a.misuse("samerun", fmt.Errorf("there is no command %q; \"samerun help\" lists the commands", name))
}

// help prints the usage of the tool or of one verb.
func (a *app) help(args []string) int {
	if len(args) == 0 {
		io.WriteString(a.stdout, usage())
		return exitOK
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			io.WriteString(a.stdout, v.help())
			return exitOK
		}
	}
	return a.misuse("samerun help", fmt.Errorf("there is no command %q; \"samerun help\" lists the commands", args[0]))
}

// screen returns the screen of the call.
func (a *app) screen() *screen.Screen {
	term, _ := gocmd.LookupEnv(a.Environ, "TERM")
	noColor, _ := gocmd.LookupEnv(a.Environ, "NO_COLOR")
	return screen.New(a.stdout, a.stderr, term, noColor)
}

// misuse prints one sentence about what the user should do otherwise.
func (a *app) misuse(who string, err error) int {
	fmt.Fprintf(a.stderr, "%s: %s\n", who, text.Block(err.Error()))
	return exitMisuse
}

// usage lists the verbs.
func usage() string {
	var b strings.Builder
	b.WriteString("samerun: same seed, same run\n\nusage:\n")
	for _, v := range verbs() {
		fmt.Fprintf(&b, "  samerun %-8s %s\n", v.name, v.summary)
	}
	b.WriteString("  samerun help C   explain the command C\n\n")
	b.WriteString("example:\n  samerun test -seeds 1-1000 ./examples/raft\n  samerun run -seeds 1-100 ./examples/httprpc\n  samerun replay examples/raft/testdata/replay/TestX-5c1e37d2.json\n")
	return b.String()
}
