package doctor

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"samerun/internal/gocmd"
	"samerun/internal/runner/ordinary"
	"samerun/internal/screen"
	"samerun/internal/wire"
)

// sharedPatient is the package of the test data whose nodes share variables, built.
func sharedPatient(t *testing.T, b *gocmd.Build) *patient {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "cmd", "samerun", "testdata", "doctor"))); err != nil {
		t.Fatal(err)
	}
	by := &gocmd.Caller{Dir: dir, Environ: gocmd.ChildEnviron(os.Environ()), Self: "samerun"}
	opts := Options{Seed: 3, Runs: 2, Choice: "auto", Patterns: []string{"./shared"}}
	opts.Workers, opts.Count, opts.Net, opts.Date, opts.Go, opts.Apart = 1, 1, "test", "2000-01-01", "any", ordinary.ApartOff
	opts.Strategy, opts.Turn, opts.Timeout, opts.Limit = "walk", 200*time.Microsecond, 10*time.Minute, 10*time.Minute
	d := New(by, b, opts, screen.New(io.Discard, io.Discard, "dumb", "1"), t.TempDir())
	ctx := t.Context()
	if err := d.checkToolchain(ctx); err != nil {
		t.Fatal(err)
	}
	list, err := d.by.List(ctx, d.build, opts.Patterns)
	if err != nil {
		t.Fatal(err)
	}
	p := &patient{doctor: d, pkg: list.Packages[0], tmp: t.TempDir()}
	if err := d.by.BuildAll(ctx, d.build, 1, p.tmp, list.Packages, func() {}); err != nil || p.pkg.Unready != nil {
		t.Fatal(err, p.pkg.Unready)
	}
	if p.survey, err = surveyPackage(ctx, d.by, d.build, d.by.GoArg(p.pkg)); err != nil {
		t.Fatal(err)
	}
	return p
}

// A run in which variables are watched is the same run, turn by turn and draw by draw, whatever the
// collector does, and finds the same each time.
func TestWatchingChangesNothing(t *testing.T) {
	t.Parallel()
	p := sharedPatient(t, &gocmd.Build{})
	l, err := readLayout(p.pkg.Binary, p.survey.vars, p.survey.packages)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(p.tmp, "shared")
	if err := os.WriteFile(file, l.text(), 0o666); err != nil {
		t.Fatal(err)
	}
	const pattern = "Server|Much"
	plain, err := p.run(t.Context(), conditions[0], pattern)
	if err != nil {
		t.Fatal(err)
	}
	var found []wire.Shared
	for _, c := range conditions[:2] {
		watched, err := p.run(t.Context(), c, pattern, "SAMERUN_SHARED="+file)
		if err != nil {
			t.Fatal(err)
		}
		if at, err := compareCourses(plain, watched, ""); at != nil || err != nil {
			t.Errorf("%v: the watched run is another one: %+v, %v", c, at, err)
		}
		if len(watched.tests) != 4 {
			t.Fatalf("%v: %d tests\n%s", c, len(watched.tests), watched.end.Output)
		}
		for i, r := range watched.tests {
			if r.Digest != plain.tests[i].Digest || r.Nodes != plain.tests[i].Nodes || plain.tests[i].Shared != nil {
				t.Errorf("%v: %+v\nwithout %+v", c, r, plain.tests[i])
			}
			if r.Nodes > 0 {
				found = append(found, *r.Shared)
			}
		}
	}
	if len(found) != 6 || len(found[0].Variables) == 0 {
		t.Fatalf("found: %+v", found)
	}
	for i := range 3 {
		one, two := found[i], found[i+3]
		if one.Full != two.Full || !slices.EqualFunc(one.Variables, two.Variables, func(a, b wire.SharedVariable) bool {
			return a.Variable == b.Variable && a.Itself == b.Itself && slices.Equal(a.Nodes, b.Nodes)
		}) {
			t.Errorf("two runs find\n%+v\n%+v", one, two)
		}
	}
}

// What the file for a process says is checked there.
func TestLayoutThatDoesNotFit(t *testing.T) {
	t.Parallel()
	p := sharedPatient(t, &gocmd.Build{})
	l, err := readLayout(p.pkg.Binary, p.survey.vars, p.survey.packages)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(p.tmp, "shared")
	last := len(l.words) - 2
	for want, text := range map[string]string{
		"invalid syntax":      "twelve",
		"it is not complete":  string((&layout{words: l.words[:last]}).text()),
		"of another binary":   string((&layout{words: append([]uint64{l.words[0], l.words[1] + 8}, l.words[2:]...)}).text()),
		"where none is":       string((&layout{words: append(slices.Clone(l.words[:last]), l.words[1], l.words[last+1])}).text()),
		"it makes no sense":   string((&layout{words: append(slices.Clone(l.words), 7)}).text()),
		"no such file or dir": "",
	} {
		os.Remove(file)
		if text != "" {
			if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		c, err := p.run(t.Context(), conditions[0], "TestServers", "SAMERUN_SHARED="+file)
		if err != nil {
			t.Fatal(err)
		}
		if c.end.OK || !strings.Contains(c.end.Output, "samerun: what SAMERUN_SHARED names cannot be used; samerun doctor makes it: ") || !strings.Contains(c.end.Output, want) {
			t.Errorf("want %q, got\n%s", want, c.end.Output)
		}
	}
}

func TestLeavesOfTypes(t *testing.T) {
	s := newShaper(nil, nil, []string{"example.com/x.y/z", "gopkg.in/yaml.v3"})
	for name, want := range map[string]leading{
		"int": on, "[]net.IP": on, "*os.File": on, "map[string]os.File": on, "func(os.File)": on, "chan os.File": on, "struct { a os.File }": on,
		"map<os.Key,[]int>": on, "group<string,os.File>": on, "error": on, "": on,
		"example.com/x.y/z.T": on, "example.com/x.y/z.G[os.File]": on, "gopkg.in/yaml%2ev3.T": on, "gopkg.in/yaml.v3.T": on,
		"sync.Mutex": on, "sync/atomic.Pointer[os.File]": on, "container/list.List": on,
		"net/http.Client": itself, "example.com/other.T": itself, "crypto/tls.Conn": itself,
		"os.File": nothing, "net.TCPConn": nothing, "samerun/sim.World": nothing, "samerun/sim/fault.Kind": nothing, "testing.T": nothing,
		"samerun/examples/board.Server": itself,
	} {
		if got := s.leaves(name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}

// What several tests have found is put together, and what they have not is told.
func TestTogether(t *testing.T) {
	l := &layout{vars: []variable{{name: "x/y.a", at: "y.go:1"}, {name: "x/y%2ez.b", at: "y.go:2"}}, large: []variable{{name: "x/y.c", at: "y.go:3", size: 1 << 20}}}
	var got together
	got.read(l, []string{"T1", "T2", "T3", "T4"}, []wire.Result{
		{Test: "T1", Shared: &wire.Shared{Variables: []wire.SharedVariable{{Variable: 1, Nodes: []string{"n2", "n1"}}}}},
		{Test: "T2", Shared: &wire.Shared{Full: true, Variables: []wire.SharedVariable{{Variable: 0, Itself: true, Nodes: []string{"a", "b"}}, {Variable: 1, Itself: true, Nodes: []string{"n1", "n3", "n4", "n5"}}, {Variable: 2}}}},
		{Test: "T3"},
	})
	want := []string{"y.a at y.go:1, by a and b, in T2", "y.z.b at y.go:2, by n1, n2, n3 and 2 more, in T1, T2"}
	var vars []string
	for _, v := range got.vars {
		vars = append(vars, v.String())
	}
	if !slices.Equal(vars, want) {
		t.Errorf("%q, want %q", vars, want)
	}
	limits := []string{"did not come to its end when variables that nodes share were looked for: T3, T4", "variables of packages lead to more than", "y.c at y.go:3 (1024 KiB)"}
	if len(got.limits) != len(limits) {
		t.Fatalf("%q", got.limits)
	}
	for i, part := range limits {
		if !strings.Contains(got.limits[i], part) {
			t.Errorf("%q has no %q", got.limits[i], part)
		}
	}
}
