package ordinary

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/gomod"
	"samerun/internal/testproc"
	"samerun/internal/text"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// Program says that what runs is a main package, and not the tests of packages: function
// main is the one test that there is, with the name of the program. Its arguments are
// Options.Args. Exit status 0 and a return of main pass, and all else fails.
type Program struct {
	Name   string // as results have it, and the program in os.Args[0]
	Folder string // where it runs, absolute
	Stdin  string // the file that is its standard input, absolute; empty for none
	Live   bool   // Options.Output gets what it prints as it comes, else seed by seed
}

// run runs the program once and prints what it prints, if it shows.
func (x *Program) run(ctx context.Context, proc *testproc.Process, seed uint64, to io.Writer, shows bool) (end testproc.Ending, err error) {
	proc.Folder, proc.Stdin = x.Folder, x.Stdin
	out := &live{to: to}
	if shows && x.Live {
		proc.Output = out
	}
	end, err = proc.Run(ctx)
	if err != nil || !shows {
		return end, err
	}
	if !x.Live && !end.Cancelled {
		fmt.Fprintf(out, "=== seed %d\n%s", seed, end.Output)
	}
	_ = out.end() // an output that cannot be written is told at the end of all
	return end, nil
}

// folder is where the processes of a package run.
func (u *Runner) folder(p *gocmd.Package) string {
	if u.opts.Program != nil {
		return u.opts.Program.Folder
	}
	return p.Dir
}

// label names a test of a package to people. A program has one name.
func (u *Runner) label(pkg, test string) string {
	if u.opts.Program != nil {
		return pkg
	}
	return pkg + "  " + test
}

// readProgram is read for a program.
func (r *Run) readProgram(lines []wire.Result) {
	good := r.End.OK
	r.read(lines)
	r.End.OK, r.Empty, r.odd = good, "", ""
	if d := r.Died; d != nil && good {
		// It ended by syscall.Exit(0), which package testing hears nothing of.
		d.OK, d.Died = true, false
		r.Tests, r.Died, r.began = append(r.Tests, *d), nil, ""
	}
}

// blameProgram says why the run of a program failed, in one line.
func (u *Runner) blameProgram(run *Run) string {
	_, reason := u.blame(run)
	if WhereLine.FindString(run.End.Output) == "" {
		reason = run.End.Reason(u.opts.Timeout)
		if run.End.Plain() {
			reason = "the program ended with " + run.End.Status
		}
		if end := endOf(u.opts.Program.Name, run); end != nil {
			reason += fmt.Sprintf(", at %v of virtual time", time.Duration(end.VirtualNS).Round(time.Microsecond))
		}
	}
	if said := lastWords(run.End.Output); said != "" {
		reason += "; its last words: " + said
	}
	return reason
}

// ended are the tests of a run that ended, and the program, if it was that which did.
func (u *Runner) ended(run *Run) []wire.Result {
	if u.opts.Program != nil && run.Died != nil {
		return []wire.Result{*run.Died}
	}
	return run.Tests
}

// withoutCaller takes the lines out of traces that tell who has called main.
func withoutCaller(output string) string { return callerOfMain.ReplaceAllString(output, "") }

var callerOfMain = regexp.MustCompile(`(?m)^(created by )?testing\.samerunRunProgram.*\n\t.*\n?`)

// lastWords is the last line that a program printed before it called os.Exit, which mostly
// says why: that of log.Fatal does.
func lastWords(output string) string {
	said, ends, found := strings.Cut(output, programExits)
	if !found || !WhereLine.MatchString(ends) {
		return ""
	}
	said = strings.TrimRight(said, " \t\r\n")
	return strings.TrimSpace(text.Cut(said[strings.LastIndexByte(said, '\n')+1:], 200))
}

// programExits is what package runtime says then.
const programExits = "samerun: the program calls os.Exit("

// saidLast is what a program or a test that failed has to say, and where, as far as the
// file of the failure keeps it.
func (u *Runner) saidLast(output, test string) (place, said string) {
	if u.opts.Program != nil {
		return "", lastWords(output)
	}
	return complaint(output, test)
}

// programWords are the words of a command line behind the flags that tests have, too.
func (u *Runner) programWords(p *gocmd.Package) (words []string) {
	if in := u.opts.Program.Stdin; in != "" {
		words = append(words, "-stdin", text.ShellQuote(gocmd.PathFrom(u.by.Dir, in)))
	}
	words = append(words, text.ShellQuote(p.Arg))
	for _, arg := range u.opts.Args {
		words = append(words, text.ShellQuote(arg))
	}
	return words
}

// enterProgram writes into the settings of a file where a program runs and what it reads.
func (u *Runner) enterProgram(s *replay.Settings, p *gocmd.Package) {
	if u.opts.Program == nil {
		return
	}
	s.Folder, s.Stdin = from(moduleOf(p), u.opts.Program.Folder), u.opts.Program.Stdin
	if s.Stdin != "" {
		s.Stdin = from(u.opts.Program.Folder, s.Stdin)
	}
}

// programOf is the program of a file.
func programOf(f *replay.File, p *gocmd.Package) *Program {
	s := &f.Settings
	if !s.Program() {
		return nil
	}
	x := &Program{Name: f.Test, Folder: filepath.Join(moduleOf(p), filepath.FromSlash(s.Folder))}
	if x.Stdin = filepath.FromSlash(s.Stdin); x.Stdin != "" && !filepath.IsAbs(x.Stdin) {
		x.Stdin = filepath.Join(x.Folder, x.Stdin)
	}
	return x
}

// moduleOf is the root of the module of a package.
func moduleOf(p *gocmd.Package) string { return cmp.Or(gomod.Root(p.Dir), p.Dir) }

// from is a path as seen from a folder, or the whole of it if there is no way.
func from(folder, path string) string {
	rel, err := filepath.Rel(folder, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}
