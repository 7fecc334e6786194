package sim

import (
	"fmt"
	"strings"
	"testing"
)

// sayer is a test that plain go test runs, and what it says.
type sayer struct {
	said   string
	failed bool
}

func (s *sayer) Name() string { return "TestX" }
func (s *sayer) Helper()      {}
func (s *sayer) Errorf(format string, args ...any) {
	s.said, s.failed = fmt.Sprintf(format, args...), true
}
func (s *sayer) Failed() bool  { return s.failed }
func (s *sayer) FailNow()      { panic(s) }
func (s *sayer) Skipped() bool { return false }
func (s *sayer) SkipNow()      { panic(s) }

// A test of goroutines without the changed standard library starts the tool but where that
// would go on for ever or could not do what is asked.
func TestNoTool(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"SAMERUN_CHILD", "1", "TestX is a test of goroutines and was built without the changed standard library that those need; leave out -overlay off"},
		{"SAMERUN_OUT", t.TempDir(), "SAMERUN_OUT is set, and failures of a test of goroutines are saved in testdata/replay of its package; unset it"},
		{"SAMERUN_SEEDS", "9-1", "SAMERUN_SEEDS: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(c.name, c.value)
			s := &sayer{}
			defer func() {
				if recover() != any(s) || !strings.Contains(s.said, c.want) || strings.Contains(s.said, "\n") {
					t.Errorf("%s=%s: %q, want %s", c.name, c.value, s.said, c.want)
				}
			}()
			Test(s, func(*World) { t.Error("it was run") }, Goroutines)
		})
	}
}

// A test has one engine, which exists.
func TestOneEngine(t *testing.T) {
	for _, c := range []struct {
		engines []Engine
		want    string
	}{
		{[]Engine{Tasks, Goroutines}, "a test has one engine"},
		{[]Engine{7}, "sim.Test was given the engine 7, which does not exist; there are sim.Tasks and sim.Goroutines"},
	} {
		s := &sayer{}
		func() {
			defer func() { recover() }()
			Test(s, func(*World) { t.Error("it was run") }, c.engines...)
		}()
		if !strings.Contains(s.said, c.want) {
			t.Errorf("%v: %q", c.engines, s.said)
		}
	}
	ran := false
	Test(t, func(*World) { ran = true }, Tasks)
	if !ran {
		t.Error("sim.Tasks runs nothing")
	}
}
