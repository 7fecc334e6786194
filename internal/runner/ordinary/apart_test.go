package ordinary

import (
	"testing"

	"samerun/internal/gocmd"
	"samerun/internal/testproc"
	"samerun/internal/wire"
)

// What ties a test to those before it, in the words of the tool.
func TestTies(t *testing.T) {
	named := func(name string, change func(*wire.Result)) wire.Result {
		r := passing(name)
		if change != nil {
			change(&r)
		}
		return r
	}
	seeds := named("TestSeeds", func(r *wire.Result) { r.Seeded = true })
	leaves := named("TestLeaves", func(r *wire.Result) { r.Left = 2 })
	looks := named("TestLooks", func(r *wire.Result) { r.Measured = true })
	after := func(what string) wire.Result {
		return named("TestAfter", func(r *wire.Result) { r.After = what })
	}
	plain := named("TestPlain", nil)
	for _, c := range []struct {
		tests []wire.Result
		want  string
	}{
		{nil, ""},
		{[]wire.Result{plain, leaves, plain}, ""},
		{[]wire.Result{seeds}, ""},
		{[]wire.Result{plain, seeds}, ""},
		{[]wire.Result{seeds, plain}, "TestSeeds calls rand.Seed, which decides what the tests behind it draw"},
		{[]wire.Result{after("TestMain"), plain}, ""},
		{[]wire.Result{plain, after("TestMain")}, "what was started before the tests is alive when TestAfter begins"},
		{[]wire.Result{leaves, after("TestLeaves")}, "what TestLeaves has left is alive when TestAfter begins"},
		{[]wire.Result{looks, leaves}, ""},
		{[]wire.Result{plain, looks}, ""},
		{[]wire.Result{leaves, plain, looks}, "TestLooks looks at the memory of the process, in which TestLeaves has left goroutines"},
	} {
		if got := tied([]Run{{Tests: []wire.Result{plain}}, {Tests: c.tests}}); got != c.want {
			t.Errorf("%v: %q, want %q", c.tests, got, c.want)
		}
	}
	// A test that does not end has no line; what went before it is known.
	run := &Run{Tests: []wire.Result{seeds}, began: "TestDies"}
	if got := tieTo(run, "TestDies"); got != " (TestSeeds calls rand.Seed, which decides what the tests behind it draw)" {
		t.Errorf("of a test that dies: %q", got)
	}
	if got := tieTo(run, "TestSeeds") + tieTo(&Run{}, "TestX"); got != "" {
		t.Errorf("of the first test: %q", got)
	}
}

// Without ties, with one test, or if the calm run did not come to its end, there is one
// process for all, and nobody is run alone to find that out.
func TestArrangeTogether(t *testing.T) {
	seeds := passing("TestSeeds")
	seeds.Seeded = true
	whole := testproc.Ending{OK: true}
	for _, c := range []struct {
		name string
		calm []Run
	}{
		{"no run", nil},
		{"no ties", []Run{{End: whole, Tests: []wire.Result{passing("TestA"), passing("TestB")}}}},
		{"one test", []Run{{End: whole, Tests: []wire.Result{seeds}}}},
		{"TestMain ended the process", []Run{{Tests: []wire.Result{seeds, passing("TestB")}}}},
	} {
		a, err := someRunner(t, func(o *Options) { o.Apart = ApartAuto }).arrange(t.Context(), &gocmd.Package{Arg: "./a"}, c.calm)
		if err != nil || a.apart || a.why != "" || a.needy != "" {
			t.Errorf("%s: %+v, %v", c.name, a, err)
		}
	}
	// Where it is asked for, nothing has to be tried.
	a, err := someRunner(t, func(o *Options) { o.Apart = ApartOn }).arrange(t.Context(), &gocmd.Package{Arg: "./a"}, []Run{
		{Tests: []wire.Result{passing("TestA"), passing("TestA")}, began: "TestB"}, {End: whole, Tests: []wire.Result{passing("TestC")}},
	})
	if err != nil || !a.apart || len(a.names) != 3 {
		t.Errorf("-apart on: %+v, %v", a, err)
	}
}
