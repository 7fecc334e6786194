package sim

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samerun/internal/text"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// A failure of a subtest is found again by the name of that subtest, whatever is in the
// name: characters of regular expressions, of shells, slashes, control characters.
func TestNamesOfSubtests(t *testing.T) {
	const variable = "SAMERUN_TEST_NAMES"
	names := []string{
		"a+b", "f(x)", "f(x", "x|y", "[ab]", "[ab", "(a/b", "[a/b]", "a/b", "a", "sp ace", "q'q", `"`, "100%", "^a$", `a\d`, `\Q`, "tab\tx", "é", "uni\u202ex",
		"", "#01", "{1}", "$HOME", "`ls`", "a\nb", "-x", "*", "(?i)A", "\x1b[31m", "\xff",
	}
	if os.Getenv(variable) != "" {
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				Test(t, func(w *World) {
					w.Sleep(time.Second)
					w.Failf("seed %d of %q", w.Seed(), t.Name())
				})
			})
		}
		return
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell for the commands of the stories")
	}
	dir := t.TempDir()
	run := func(command string, env ...string) []wire.Result {
		results := filepath.Join(dir, "results")
		cmd := exec.Command(sh, "-c", command)
		cmd.Env = append(os.Environ(), append(env, variable+"=1", "SAMERUN_SHRINK=0", "SAMERUN_OUT="+filepath.Join(dir, "out"), "SAMERUN_RESULTS="+results)...)
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Errorf("%s: passed\n%s", command, out)
			return nil
		}
		return readResults(t, results)
	}
	all := run(text.ShellQuote(os.Args[0])+" -test.run='^TestNamesOfSubtests$'", "SAMERUN_SEED=3")
	if len(all) != len(names) {
		t.Fatalf("%d results of %d subtests", len(all), len(names))
	}
	for _, r := range all {
		// What the story advises, with this very program in the place of go test.
		_, line, _ := strings.Cut(r.Story.String(), "again: ")
		line, _, _ = strings.Cut(line, "\n")
		before, _, _ := strings.Cut(line, " go test")
		_, after, ok := strings.Cut(line, " -run ")
		at := strings.LastIndex(after, " ")
		if !ok || at < 0 {
			t.Fatalf("%s: the story has no command:\n%s", r.Test, r.Story.String())
		}
		command := before + " " + text.ShellQuote(os.Args[0]) + " -test.run " + after[:at]
		again := run(command)
		if len(again) != 1 || again[0].Test != r.Test || again[0].Outcome != replay.Same || again[0].Digest != r.Digest {
			t.Errorf("%s: %s gives %+v", r.Test, command, again)
		}
	}
}
