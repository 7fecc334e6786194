package ordinary

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"samerun/internal/testproc"
	"samerun/internal/wire"

	"pgregory.net/rapid"
)

// Whatever the pieces are in which a program prints, a person sees what it prints, without
// the lines for the tool, which are whole lines of three kinds.
func TestLive(t *testing.T) {
	ours := []string{"samerun: again: samerun run ./x\n", "samerun: the program calls os.Exit(3)\n", "samerun: prog: seed 7, virtual time 0.000120s, turn 7\n"}
	theirs := []string{"samerun: deadlock in prog\n", "samerun: hello\n", "same", "samerun: ", "\n", "a line\n", "no end", "samerun: prog: seed 7\n", "x samerun: again: y\n", "\xff\x00\n"}
	rapid.Check(t, func(t *rapid.T) {
		var printed, want strings.Builder
		for range rapid.IntRange(0, 12).Draw(t, "parts") {
			part := rapid.SampledFrom(append(slices.Clone(ours), theirs...)).Draw(t, "part")
			begins := printed.Len() == 0 || strings.HasSuffix(printed.String(), "\n")
			printed.WriteString(part)
			if !begins || !slices.Contains(ours, part) {
				want.WriteString(part)
			}
		}
		all := printed.String()
		if all != "" && !strings.HasSuffix(all, "\n") {
			want.WriteString("\n")
		}
		var got bytes.Buffer
		l := &live{to: &got}
		for rest := all; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			if m, err := l.Write([]byte(rest[:n])); m != n || err != nil {
				t.Fatalf("%d of %d bytes are written: %v", m, n, err)
			}
			rest = rest[n:]
		}
		if err := l.end(); err != nil || got.String() != want.String() {
			t.Fatalf("%q is printed as %q, not %q (%v)", all, got.String(), want.String(), err)
		}
	})
}

func TestLastWords(t *testing.T) {
	const exit = "samerun: the program calls os.Exit(1)\nsamerun: prog: seed 7, virtual time 0.000120s, turn 7\n"
	for output, want := range map[string]string{
		"":                     "",
		exit:                   "",
		"one\ntwo\n" + exit:    "two",
		"one\ntwo \n\n" + exit: "two",
		"panic: x\n":           "",
		"samerun: the program calls os.Exit(1)\n": "", // it was printed by the program
	} {
		if got := lastWords(output); got != want {
			t.Errorf("%q: %q, want %q", output, got, want)
		}
	}
}

// Exit status 0 passes, and no other, whatever package testing has heard.
func TestReadProgram(t *testing.T) {
	began, died := wire.Result{Test: "prog", Began: true}, wire.Result{Test: "prog", Died: true, Digest: "1"}
	ended := []wire.Result{began, {Test: "prog", OK: true, Digest: "1"}, {Ended: new(wire.Ended)}}
	for name, c := range map[string]struct {
		end   testproc.Ending
		lines []wire.Result
		good  bool
		tests int
	}{
		"main returns":    {testproc.Ending{OK: true}, ended, true, 1},
		"syscall.Exit(0)": {testproc.Ending{OK: true}, []wire.Result{began, died}, true, 1},
		"before main":     {testproc.Ending{OK: true}, nil, true, 0},
		"os.Exit(1)":      {testproc.Ending{Status: "exit status 1"}, []wire.Result{began, died}, false, 0},
		"before main, 3":  {testproc.Ending{Status: "exit status 3"}, nil, false, 0},
		"race":            {testproc.Ending{Status: "exit status 66"}, ended, false, 1},
	} {
		run := Run{End: c.end}
		run.readProgram(c.lines)
		if run.End.OK != c.good || len(run.Tests) != c.tests || run.Empty != "" || run.odd != "" {
			t.Errorf("%s: %+v", name, run)
		}
		if c.good && c.tests > 0 && !run.Tests[0].OK {
			t.Errorf("%s: %+v", name, run.Tests[0])
		}
	}
}
