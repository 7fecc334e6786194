package rerun

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"samerun/internal/gomod"
	"samerun/internal/text"
)

// Variable is set for the tool that a test starts. The tool hands it on to the tests: one
// that sees it and has no host would start the tool for ever.
const Variable = "SAMERUN_CHILD"

// tool is the package of the command.
const tool = "samerun/cmd/samerun"

// Test is a test of goroutines and what is asked of it.
type Test struct {
	Name     string // as testing.T.Name gives it
	Seeds    string
	Strategy string // empty: what the tool says
	Shrink   time.Duration
	Replay   string // path of a saved failure, which is all there is to run
}

// Run has the tool run the test, in the folder of its package. It returns what the tool
// says; if that is empty, the error is one sentence.
func (t *Test) Run() (out string, err error) {
	test := t.Name
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return "", fmt.Errorf("%s is a test of goroutines, which the go command must build once more, and there is none in PATH; put one there, or use sim.Tasks", test)
	}
	if err := inItsFolder(); err != nil {
		return "", fmt.Errorf("%s is a test of goroutines, which the go command must build once more: %w", test, err)
	}
	look()
	cmd := exec.Command(goCommand, append([]string{"run", tool}, t.args()...)...)
	cmd.Env = environ(os.Environ())
	said, err := cmd.CombinedOutput()
	out = strings.TrimSpace(text.Block(string(said)))
	if err != nil && out == "" {
		return "", fmt.Errorf("%s is a test of goroutines, which go run %s shall run: %w", test, tool, err)
	}
	// What go run adds of its own.
	return strings.TrimSpace(strings.TrimSuffix(out, fmt.Sprintf("exit status %d", cmd.ProcessState.ExitCode()))), err
}

// look looks at what the tool will look at: the environment and the saved failures. The go
// command keeps the result of a test, and prints it again as long as what the test has looked
// at is as it was; it does not know what processes look at that the test starts.
func look() {
	for _, entry := range os.Environ() {
		switch name, _, _ := strings.Cut(entry, "="); name {
		case "_", "OLDPWD", "SHLVL": // of a shell, and new with each of its commands
		default:
			os.Getenv(name)
		}
	}
	saved, _ := filepath.Glob(filepath.Join("testdata", "replay", "*.json"))
	for _, file := range saved {
		if f, err := os.Open(file); err == nil {
			f.Close()
		}
	}
}

// inItsFolder says why the package of this binary cannot be built here.
func inItsFolder() error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	root := gomod.Root(dir)
	if root == "" {
		return fmt.Errorf("the folder %s is in no module; start it by go test in the package's own folder", dir)
	}
	info, ok := debug.ReadBuildInfo()
	rel, err := filepath.Rel(root, dir)
	if !ok || info.Main.Path == "" || err != nil {
		return nil // nobody knows better
	}
	here := strings.TrimSuffix(info.Main.Path+"/"+filepath.ToSlash(rel), "/.")
	if built := strings.TrimSuffix(info.Path, ".test"); built != here {
		return fmt.Errorf("the binary is of the package %s, and runs in the folder of %s; start it by go test in its own", built, here)
	}
	return nil
}

// args are the arguments of the tool: the test, its runs, and what of the flags of go
// test decides what it is.
func (t *Test) args() []string {
	build, rest := builtWith(), flagsOfTest()
	if t.Replay != "" {
		return append(append([]string{"replay"}, build...), t.Replay)
	}
	args := append([]string{"test"}, build...)
	args = append(args, "-seeds", t.Seeds, "-run", text.TestPattern(t.Name), "-shrink", t.Shrink.String())
	if t.Strategy != "" {
		args = append(args, "-strategy", t.Strategy)
	}
	tests, own := rest[:len(rest):len(rest)], []string(nil)
	for i, a := range rest {
		if a == "-args" {
			tests, own = rest[:i], rest[i:]
			break
		}
	}
	return append(append(append(args, tests...), "."), own...)
}

// builtWith are the flags with which this binary was built.
func builtWith() (flags []string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "-race":
			if s.Value == "true" {
				flags = append(flags, "-race")
			}
		case "-tags", "-ldflags", "-gcflags":
			if s.Value != "" {
				flags = append(flags, s.Key, s.Value)
			}
		}
	}
	return flags
}

// flagsOfTest are the flags that this process was given, as the tool has them; those of the
// program's own stand behind -args.
func flagsOfTest() (flags []string) {
	var own []string
	flag.Visit(func(f *flag.Flag) {
		name, ofTest := strings.CutPrefix(f.Name, "test.")
		value := f.Value.String()
		switch {
		case !ofTest:
			own = append(own, "-"+f.Name+"="+value)
		case name == "short" && value == "true", name == "v" && value == "true":
			flags = append(flags, "-"+name)
		case name == "skip":
			flags = append(flags, "-skip", value)
		case name == "timeout":
			// It bounds the process that waits for the tool, too; the go command says 10m by itself.
			if d, err := time.ParseDuration(value); err == nil && d > 0 {
				flags = append(flags, "-timeout", value)
			}
		}
	})
	if own = append(own, flag.Args()...); len(own) > 0 {
		flags = append(append(flags, "-args"), own...)
	}
	return flags
}

// environ is the environment of the tool: without what its arguments say.
func environ(given []string) (env []string) {
	for _, entry := range given {
		switch name, _, _ := strings.Cut(entry, "="); name {
		case "SAMERUN_SEED", "SAMERUN_SEEDS", "SAMERUN_REPLAY", "SAMERUN_SHRINK", "SAMERUN_STRATEGY":
		default:
			env = append(env, entry)
		}
	}
	return append(env, Variable+"=1")
}
