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

// ErrNoLeaks is what Sweep returns for a leak if the program cannot tell leaks.
var ErrNoLeaks = errors.New("the tool has no flag -leaks")

// Sweep runs a program, samerun, on the seeds 1 to Seeds of one kernel in the module in
// dir. An error means that the tool could not do that; a bug that is not found is none.
func Sweep(ctx context.Context, samerun, dir string, k Kernel) (Found, error) {
	words := []string{"test", "-json", "-timeout", "20s", "-watchdog", "5s", "-seeds", fmt.Sprintf("1-%d", Seeds), "-run", "^" + k.Test + "$"}
	switch k.Verdict {
	case "race":
		words = append(words, "-race")
	case "leak":
		words = append(words, "-leaks", "fail")
	}
	cmd := exec.CommandContext(ctx, samerun, append(words, ".")...)
	cmd.Dir = dir
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		if k.Verdict == "leak" && bytes.Contains(problems.Bytes(), []byte("-leaks")) {
			return Found{}, ErrNoLeaks
		}
		return Found{}, fmt.Errorf("%s: %w\n%s", cmd, err, problems.Bytes())
	}
	found, seen, err := read(out.Bytes())
	switch {
	case err != nil:
		return Found{}, fmt.Errorf("%s: %w", cmd, err)
	case found.Seed == 0 && seen != Seeds:
		return Found{}, fmt.Errorf("%s: %d runs, want %d\n%s", cmd, seen, Seeds, problems.Bytes())
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
	leakError     = regexp.MustCompile(`(?i)goroutines? (is |are )?left|\bleak`)
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

// Copy copies the files of the module into a folder, in which the tool may write.
func Copy(module, dir string) error {
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
