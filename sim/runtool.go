package sim

import (
	"errors"
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

// A test of goroutines that plain go test has started runs again by the tool, which builds
// it with the changed standard library: go run samerun/cmd/samerun test, in the folder of
// the package. That is another command and not a package that this one imports, because
// the library alone is a megabyte of edits and sources, and the tool makes, besides the
// runs, what a failure needs: repetition, the minimiser, replay files. The tool stands on
// the standard library and on packages of this module, so that whoever can build the test
// can build it; the go command keeps it built.

// childVariable is set for the tool that a test starts. The tool hands it on to the tests: one
// that sees it and has no host would start the tool for ever.
const childVariable = "SAMERUN_CHILD"

// toolPackage is the tool.
const toolPackage = "samerun/cmd/samerun"

// runTool has the tool run the test, and takes over the result.
func runTool(t TB, env *environment, base Config) {
	t.Helper()
	out, err := env.tool(t.Name(), base)
	switch {
	case err != nil && out != "":
		t.Errorf("\n%s", out)
	case err != nil:
		t.Errorf("%v", err)
	default:
		if l, ok := t.(interface{ Logf(string, ...any) }); ok {
			l.Logf("%s", out)
		}
		return
	}
	t.FailNow()
}

// tool runs the tool, and returns what it says. If that is empty, the error is one sentence.
func (e *environment) tool(test string, base Config) (out string, err error) {
	switch {
	case os.Getenv(childVariable) != "" || e.results != "":
		return "", fmt.Errorf("%s is a test of goroutines and was built without the changed standard library that those need; leave out -overlay off", test)
	case e.trials:
		return "", errTrialsOfGoroutines
	case e.out != "":
		return "", errors.New("SAMERUN_OUT is set, and failures of a test of goroutines are saved in testdata/replay of its package; unset it")
	}
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return "", fmt.Errorf("%s is a test of goroutines, which the go command must build once more, and there is none in PATH; put one there, or use sim.Tasks", test)
	}
	if err := inItsFolder(); err != nil {
		return "", fmt.Errorf("%s is a test of goroutines, which the go command must build once more: %w", test, err)
	}
	cmd := exec.Command(goCommand, append([]string{"run", toolPackage}, e.toolArgs(test, base)...)...)
	cmd.Env = toolEnviron(os.Environ())
	said, err := cmd.CombinedOutput()
	out = strings.TrimSpace(text.Block(string(said)))
	if err != nil && out == "" {
		return "", fmt.Errorf("%s is a test of goroutines, which go run %s shall run: %w", test, toolPackage, err)
	}
	// What go run adds of its own.
	return strings.TrimSpace(strings.TrimSuffix(out, fmt.Sprintf("exit status %d", cmd.ProcessState.ExitCode()))), err
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

// toolArgs are the arguments of the tool: the test, its runs, and what of the flags of go
// test decides what it is.
func (e *environment) toolArgs(test string, base Config) []string {
	build, rest := builtWith(), flagsOfTest()
	if e.replay != nil {
		return append(append([]string{"replay"}, build...), e.replay.path)
	}
	args := append([]string{"test"}, build...)
	args = append(args, "-seeds", e.seeds.String(), "-run", text.TestPattern(test), "-shrink", e.shrink.String())
	if s := e.strategy; s == "" && base.Strategy != "" {
		args = append(args, "-strategy", base.Strategy)
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

// toolEnviron is the environment of the tool: without what its arguments say.
func toolEnviron(environ []string) (env []string) {
	for _, entry := range environ {
		switch name, _, _ := strings.Cut(entry, "="); name {
		case "SAMERUN_SEED", "SAMERUN_SEEDS", "SAMERUN_REPLAY", "SAMERUN_SHRINK", "SAMERUN_OUT":
		default:
			env = append(env, entry)
		}
	}
	return append(env, childVariable+"=1")
}
