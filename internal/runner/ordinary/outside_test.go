package ordinary

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/internal/gocmd"
	"samerun/internal/runner"
	"samerun/internal/testproc"
	"samerun/internal/wire"
	"samerun/sim/replay"
)

// A failure that does not show again names what of the world outside the test uses,
// wherever that is known from: the run itself, another one, or the package's folder.
func TestOutsideIsNamed(t *testing.T) {
	dir := t.TempDir()
	pkg := &gocmd.Package{Arg: "./mr", Path: "m/mr", Dir: dir}
	died := Run{End: testproc.Ending{Status: "exit status 2", Output: "panic: short\nsamerun: TestMR: seed 4, virtual time 1.5s, turn 12\n"}, began: "TestMR"}
	passed := Run{End: testproc.Ending{OK: true}, Tests: []wire.Result{passing("TestMR")}}
	for _, c := range []struct {
		name  string
		other wire.Result // of the test in another run
		write string
		want  string
	}{
		{"nothing is known", wire.Result{}, "", "docs/unmodified.md says what can be the cause of that, and samerun doctor looks for it"},
		{"processes", wire.Result{Processes: 2}, "", "the likely cause of that is the other processes that it starts: what lies outside of a test does not follow the seed"},
		{"all of it", wire.Result{Processes: 2, Escaped: "unix /var/tmp/mr-0", IO: 1}, "mr-out-0", "the likely cause of that is the other processes that it starts, " +
			`"unix /var/tmp/mr-0", which is not of its own network, the real input or output that it waits for and the files that are written in the folder of its package (mr-out-0), ` +
			"where the runs of several seeds meet (with -j 1 one runs at a time): what lies outside of a test does not follow the seed"},
	} {
		u := someRunner(t, nil)
		u.noteFolders([]*gocmd.Package{pkg})
		c.other.Test, c.other.OK = "TestMR", true
		u.noteLeftovers(pkg, 1, &Run{Tests: []wire.Result{c.other}})
		if c.write != "" {
			if err := os.WriteFile(filepath.Join(dir, c.write), nil, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		seed := uint64(4)
		f := &runner.Failure{Pkg: pkg, Seed: &seed}
		f.Test, f.Reason = u.Blame(&died)
		if _, err := u.narrowBy(t.Context(), f, &died, func(context.Context, Spec) (Run, error) { return passed, nil }); err != nil {
			t.Fatal(err)
		}
		if f.Remark != c.want || !strings.HasSuffix(f.Reason, notAgain) {
			t.Errorf("%s: %s\n%s\nwant %s", c.name, f.Reason, f.Remark, c.want)
		}
		// So does one that cannot be minimised for that; other reasons stand alone.
		want := "it does not fail when it is recorded"
		if c.other.Processes > 0 {
			want += "; " + c.want
		}
		if got := u.withCause(f, &died, unsteady("it does not fail when it is recorded")).Error(); got != want {
			t.Errorf("%s: %s\nwant %s", c.name, got, want)
		}
		if got := u.withCause(f, &died, errors.New("no place")).Error(); got != "no place" {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// A saved failure that comes to something else names it, too.
func TestReplayNamesOutside(t *testing.T) {
	u := someRunner(t, nil)
	p := &replay.File{World: replay.Goroutines, Test: "TestMR", Seed: 4, Digest: "aa", Failure: replay.Failure{Error: "short", Signature: "failed: short"}}
	for processes, want := range map[int]bool{0: false, 3: true} {
		end := passing("TestMR")
		end.Digest, end.Processes = "bb", processes
		v, err := u.judge(&gocmd.Package{Arg: "./mr"}, p, &Run{End: testproc.Ending{OK: true}, Tests: []wire.Result{end}})
		if err != nil || v.Outcome == replay.Same || want != strings.HasSuffix(v.Words, "\nit may be another run because of the other processes that it starts: what lies outside of the test does not follow the seed") {
			t.Errorf("%d processes: %v, %+v", processes, err, v)
		}
	}
}
