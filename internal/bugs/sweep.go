package bugs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// Seeds is how many seeds a bug has to be found in.
const Seeds = 200

// Found is what a sweep over one kernel comes to. The zero value: no seed shows the bug.
type Found struct {
	Seed       uint64 // the first that fails
	Verdict    string // one of Verdicts, or "hangs": the tool's limit of real time ended it
	Error      string // what failed, in the tool's words
	Deviations [2]int // from the calm run: of that seed, and of the smallest run
	Minimal    bool   // no single deviation can be left out
	Story      string // of the smallest run
}

// result is the part of a JSON line of the tool that counts here.
type result struct {
	Seed      *uint64
	OK        bool
	Error     string
	Story     string
	Empty     string
	Minimised *struct {
		Minimal    bool
		Deviations [2]int
	}
}

// Sweep runs a program, samerun, on the seeds 1 to Seeds of one kernel of a module. It does
// so in a copy of the module, in which the tool saves failures: another sweep would run
// those first. An error means that the tool could not do that; a bug that is not found is
// none.
func Sweep(ctx context.Context, samerun, module string, k Kernel) (Found, error) {
	dir, err := os.MkdirTemp("", "bugs")
	if err != nil {
		return Found{}, err
	}
	defer os.RemoveAll(dir)
	if err := copyFiles(module, dir); err != nil {
		return Found{}, err
	}
	words := []string{"-timeout", "20s", "-watchdog", "5s", "-seeds", fmt.Sprintf("1-%d", Seeds), "-run", "^" + k.Test + "$"}
	switch k.Verdict {
	case "race":
		words = append(words, "-race")
	case "leak":
		words = append(words, "-leaks", "fail")
	}
	return Run(ctx, samerun, dir, Seeds, words...)
}

// Run runs a program, samerun, on the tests of the package in a folder, with these flags of
// "samerun test", which name as many seeds. An error means that the tool could not do that.
func Run(ctx context.Context, samerun, dir string, seeds int, flags ...string) (Found, error) {
	cmd := exec.CommandContext(ctx, samerun, append(append([]string{"test", "-json"}, flags...), ".")...)
	cmd.Dir = dir
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		return Found{}, fmt.Errorf("%s: %w\n%s", cmd, err, problems.Bytes())
	}
	found, seen, err := read(out.Bytes())
	switch {
	case err != nil:
		return Found{}, fmt.Errorf("%s: %w", cmd, err)
	case found.Seed == 0 && seen != seeds:
		return Found{}, fmt.Errorf("%s: %d runs, want %d\n%s%s", cmd, seen, seeds, out.Bytes(), problems.Bytes())
	}
	return found, nil
}

// read makes of JSON lines what was found, and counts the runs.
func read(out []byte) (found Found, runs int, err error) {
	for line := range bytes.Lines(out) {
		var r result
		if err := json.Unmarshal(line, &r); err != nil {
			return Found{}, 0, fmt.Errorf("%w in %s", err, line)
		}
		switch {
		case r.Empty != "":
			return Found{}, 0, errors.New(r.Empty)
		case r.Seed == nil:
		case r.Minimised != nil && found.Seed == *r.Seed:
			found.Deviations, found.Minimal, found.Story = r.Minimised.Deviations, r.Minimised.Minimal, r.Story
		case r.Minimised != nil:
		case r.OK:
			runs++
		case found.Seed == 0:
			found.Seed, found.Error, found.Story, found.Verdict = *r.Seed, r.Error, r.Story, verdict(r.Error, r.Story)
		}
	}
	return found, runs, nil
}

var (
	deadlockError = regexp.MustCompile(`^deadlock in `)
	leakError     = regexp.MustCompile(`^leaves goroutines that wait for ever: `)
	panicLine     = regexp.MustCompile(`(?m)^(panic|fatal error): `)
)

// verdict tells the kinds of failures apart.
func verdict(problem, story string) string {
	switch {
	case strings.Contains(story, "WARNING: DATA RACE"):
		return "race"
	case deadlockError.MatchString(problem):
		return "deadlock"
	case strings.HasPrefix(problem, "still running after "):
		return "hangs"
	case panicLine.MatchString(story):
		return "panics"
	case leakError.MatchString(problem):
		return "leak"
	}
	return "fails"
}

// copyFiles copies the files of a module of one package.
func copyFiles(module, dir string) error {
	entries, err := os.ReadDir(module)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(module, e.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, e.Name()), data, 0o666)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
