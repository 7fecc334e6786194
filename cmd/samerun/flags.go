package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"samerun/internal/faultplan"
	"samerun/internal/gocmd"
	"samerun/internal/runner/ordinary"
	"samerun/internal/text"
)

// flags are the flags of a verb and, since none is registered without its words, the
// part of the verb's help that lists them.
type flags struct {
	*flag.FlagSet
	lines []helpLine
}

// helpLine is a flag with its words, or a paragraph between flags.
type helpLine struct {
	head string // "-seeds S"; empty for a paragraph
	text string
}

// newFlags returns the flags of a verb, of which there are none yet.
func newFlags(verb string) *flags {
	fs := flag.NewFlagSet(verb, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	return &flags{FlagSet: fs}
}

// paragraph puts a paragraph into the help behind the flags registered so far. It is
// printed as it is.
func (f *flags) paragraph(text string) { f.lines = append(f.lines, helpLine{text: text}) }

// word puts something into the help that package flag does not parse.
func (f *flags) word(head, text string) { f.lines = append(f.lines, helpLine{head, text}) }

// hardBlank stands for a blank at which no line is broken. (U+00A0 is white space, at
// which Wrap breaks lines.)
const hardBlank = "\x1f"

// explain puts a registered flag into the help. arg stands for its value. The default
// is told behind the text, unless that has words of its own for it.
func (f *flags) explain(name, arg, text string) {
	value := f.Lookup(name).DefValue
	if d, err := time.ParseDuration(value); err == nil && d > 0 {
		value = shortest(d)
	}
	if !slices.Contains([]string{"", "0", "0s", "false", "true"}, value) && !strings.Contains(text, "(default") {
		text += " (default" + hardBlank + value + ")"
	}
	f.word(strings.TrimSpace("-"+name+" "+arg), text)
}

// shortest is a duration as one would type it: 10m, not 10m0s.
func shortest(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func (f *flags) text(p *string, name, value, arg, text string) {
	f.StringVar(p, name, value, "")
	f.explain(name, arg, text)
}

func (f *flags) number(p *int, name string, value int, text string) {
	f.IntVar(p, name, value, "")
	f.explain(name, "N", text)
}

func (f *flags) duration(p *time.Duration, name string, value time.Duration, text string) {
	f.DurationVar(p, name, value, "")
	f.explain(name, "D", text)
}

func (f *flags) yes(p *bool, name string, value bool, text string) {
	f.BoolVar(p, name, value, "")
	f.explain(name, "", text)
}

// helpWidth is how wide the help is.
const helpWidth = 82

// help lists the flags in the order in which they were registered, with their
// paragraphs.
func (f *flags) help() string {
	const margin = 16
	var b strings.Builder
	for _, l := range f.lines {
		if l.head == "" {
			b.WriteString("\n" + l.text + "\n\n")
			continue
		}
		first := fmt.Sprintf("  %-*s", margin-2, l.head)
		if len(l.head) > margin-4 {
			b.WriteString("  " + l.head + "\n")
			first = strings.Repeat(" ", margin)
		}
		b.WriteString(text.Wrap(l.text, first, strings.Repeat(" ", margin), helpWidth) + "\n")
	}
	return strings.ReplaceAll(b.String(), hardBlank, " ")
}

// parse reads a command line in which flags may stand before, between and behind the
// other words, and returns those.
func (f *flags) parse(args []string) (words []string, err error) {
	for rest := args; ; rest = f.Args()[1:] {
		if err := f.Parse(rest); err != nil {
			return nil, f.error(err)
		}
		if f.NArg() == 0 {
			return words, nil
		}
		words = append(words, f.Arg(0))
	}
}

// given reports whether a flag was on the command line.
func (f *flags) given(name string) (was bool) {
	f.Visit(func(g *flag.Flag) { was = was || g.Name == name })
	return was
}

// names are the names of all flags, sorted.
func (f *flags) names() (all []string) {
	f.VisitAll(func(g *flag.Flag) { all = append(all, g.Name) })
	return all
}

// badValue matches what package flag says of a value that it cannot read.
var badValue = regexp.MustCompile(`(?s)^invalid (?:boolean )?value (".*") for (?:flag )?-([^ :]+): `)

// error puts an error of package flag into this tool's words.
func (f *flags) error(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	msg := err.Error()
	if m := badValue.FindStringSubmatch(msg); m != nil {
		if value, e := strconv.Unquote(m[1]); e == nil && f.Lookup(m[2]) != nil {
			return fmt.Errorf("-%s %s: %s", m[2], text.Line(value), wanted(f.Lookup(m[2]).Value, value))
		}
	}
	if name, ok := strings.CutPrefix(msg, "flag provided but not defined: "); ok {
		msg = "there is no flag " + name
	}
	return fmt.Errorf("%s; \"samerun help %s\" lists the flags", msg, f.Name())
}

// wanted says what a flag takes in the place of a value that it cannot read.
func wanted(v flag.Value, value string) string {
	getter, _ := v.(flag.Getter)
	if getter == nil {
		return "this is not understood"
	}
	switch getter.Get().(type) {
	case time.Duration:
		if _, err := strconv.ParseFloat(value, 64); err == nil {
			return "a time needs a unit, such as 30s, 30ms or 30us"
		}
		return "this is not a time; say one such as 30s, 1m30s or 200us"
	case bool:
		return "say true or false, or nothing for true"
	}
	return "say a whole number, such as 4"
}

// buildFlags registers the flags that say how to build and to start test binaries.
// build.exec is set once the flags are parsed and finish was called.
type buildFlags struct {
	build gocmd.Build
	exec  string
}

func (b *buildFlags) race(f *flags) {
	f.yes(&b.build.Race, "race", false, "build with the race detector")
}

func (b *buildFlags) tags(f *flags) {
	f.text(&b.build.Tags, "tags", "", "T", "build tags, separated by commas")
}

func (b *buildFlags) vet(f *flags) {
	f.text(&b.build.Vet, "vet", "", "L", "as in go test: off, all, or a list of the analyzers of go vet")
}

func (b *buildFlags) others(f *flags) {
	for _, other := range []struct {
		p         *string
		name, arg string
	}{{&b.build.Mod, "mod", "M"}, {&b.build.Modfile, "modfile", "F"}, {&b.build.Ldflags, "ldflags", "L"}, {&b.build.Gcflags, "gcflags", "G"}} {
		f.text(other.p, other.name, "", other.arg, "as in go build")
	}
}

func (b *buildFlags) command(f *flags) {
	f.text(&b.exec, "exec", "", "CMD", "run test binaries by this command, as in go test")
}

// finish returns what the flags say.
func (b *buildFlags) finish() *gocmd.Build {
	b.build.Exec = strings.Fields(b.exec)
	return &b.build
}

// registerCourse registers the same for a program.
func registerCourse(f *flags, o *ordinary.RunOptions) {
	f.duration(&o.Turn, "turn", defaultTurn, "virtual time that a turn of a goroutine takes while others are ready; 0 for none")
	f.text(&o.Net, "net", "test", "W", "test: sockets use a network of the run's own, in memory and in virtual time; real: they use the machine's network")
	f.text(&o.Date, "date", "2000-01-01", "D", "the day on which the clock of a run begins")
	f.text(&o.Go, "go", "any", "W", "any: a new goroutine may begin at once, before the one that started it goes on; late: it begins when that one waits, yields or ends")
	f.duration(&o.Watchdog, "watchdog", ordinary.DefaultWatchdog, "real time after which the run ends if a goroutine does not give up its turn; 0 for no limit")
}

// registerRecords registers the flags about records of one run.
func registerRecords(f *flags, o *ordinary.Options) {
	f.text(&o.Record, "record", "", "FILE", "write each turn and each random draw of one run, with stacks")
	f.text(&o.Picks, "picks", "", "FILE", "take the turns of such a record instead of asking the strategy")
}

// defaultTurn is how much virtual time a turn takes if nobody says otherwise.
const defaultTurn = 200 * time.Microsecond

// registerRun registers the flags that say, for ordinary Go, which run a seed is.
func registerRun(f *flags, o *ordinary.RunOptions) {
	f.duration(&o.Turn, "turn", defaultTurn, "virtual time that a turn of a goroutine takes while others are ready; 0 for none")
	f.text(&o.Net, "net", "test", "W", "test: sockets use a network of each test's own, in memory and in virtual time; real: they use the machine's network")
	f.text(&o.Date, "date", "2000-01-01", "D", "the day on which the clock of each test begins")
	f.text(&o.Go, "go", "any", "W", "any: a new goroutine may begin at once, before the one that started it goes on; late: it begins when that one waits, yields or ends")
	f.duration(&o.Watchdog, "watchdog", ordinary.DefaultWatchdog, "real time after which the run ends if a goroutine does not give up its turn; 0 for no limit")
	f.yes(&o.Short, "short", false, "as in go test")
}

// registerApart registers the flag that says which tests of ordinary Go share a process.
func registerApart(f *flags, o *ordinary.Options) {
	f.text(&o.Apart, "apart", ordinary.ApartAuto, "W", "auto: each test has a process of its own if one test changes what the next one meets, and if each passes in this way; on: always; off: never")
}

// faultFlags are what the flags about faults say, as they were typed.
type faultFlags struct {
	what    string
	horizon time.Duration
}

// register registers them for tests, and registerForProgram for a program.
func (x *faultFlags) register(f *flags) {
	f.text(&x.what, "faults", "", "WHAT", "faults for each test. Of sockets: lan, wan, flaky, chaos, or swarm (different kinds and rates at each seed). Of files below its temporary folder: disk. Or a schedule file (docs/faults.md). Seed 0 has no faults. Tests that call sim.Test ignore this; they use World.Inject")
	f.duration(&x.horizon, "horizon", 0, "with -faults: faults begin within this time (default: the time that the test takes in its calm run)")
}

func (x *faultFlags) registerForProgram(f *flags) {
	f.text(&x.what, "faults", "", "WHAT", "faults for the program. Of sockets: lan, wan, flaky, chaos, or swarm (different kinds and rates at each seed). Of files below its temporary folder: disk. Or a schedule file (docs/faults.md). Seed 0 has no faults")
	f.duration(&x.horizon, "horizon", 0, "with -faults: faults begin within this time (default: the time that the program takes in its calm run)")
}

// read returns the plan, nil for no faults.
func (x *faultFlags) read(f *flags, net string, path func(string) string) (*faultplan.Plan, error) {
	switch {
	case !f.given("faults") && f.given("horizon"):
		return nil, errors.New("-horizon is the time in which faults begin, and without -faults there are none; say both, or neither")
	case !f.given("faults"):
		return nil, nil
	case f.given("horizon") && x.horizon <= 0:
		return nil, fmt.Errorf("-horizon %v: the time must be positive, such as 5s", x.horizon)
	case net == "real":
		return nil, errors.New("-faults is for the network of a test, and with -net real its sockets are the machine's, of which nothing is cut; leave one of the two out")
	}
	plan, err := faultplan.Read(x.what, path)
	if err != nil {
		return nil, err
	}
	if plan.IsFile() && x.horizon > 0 {
		return nil, fmt.Errorf("-horizon is for faults that are drawn, and those of %s have times of their own; leave it out", plan.What)
	}
	plan.Horizon = x.horizon
	return plan, nil
}

// checkChoice refuses values of -overlay that there are not.
func checkChoice(choice string) error {
	if choice != "auto" && choice != "on" && choice != "off" {
		return fmt.Errorf("-overlay %s: say auto, on or off", choice)
	}
	return nil
}
