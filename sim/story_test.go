package sim

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"samerun/sched"
	"samerun/sim/fault"
)

// stories are scenarios that fail, for the text of their failure.
var stories = map[string]func(f *fakeT, w *World){
	"property": func(f *fakeT, w *World) {
		var b box
		a, n := w.Node("a"), w.Node("b")
		n.Start(func() {})
		a.Start(func() {
			for range 40 {
				w.Link(a, n).Send(&Message{Kind: w.Kind("ping"), Size: 8}, 0, &b)
				w.Sleep(10 * ms)
			}
		})
		w.Always("few pings", func() error {
			if b.got > 15 {
				return fmt.Errorf("%d pings", b.got)
			}
			return nil
		})
		w.Sleep(time.Second)
	},
	"eventually": func(f *fakeT, w *World) {
		w.Link(w.Main(), w.Node("b")).Cut()
		w.Eventually("b is up", time.Minute, w.Node("b").Up)
	},
	"faults": func(f *fakeT, w *World) {
		var b box
		a, n := w.Node("a"), w.Node("b")
		n.Start(func() {})
		a.Start(func() {
			for range 60 {
				w.Link(a, n).Send(&Message{Kind: w.Kind("ping"), Size: 8}, 0, &b)
				w.Sleep(10 * ms)
			}
		})
		w.Inject(fault.Schedule{Faults: []fault.Fault{
			{Kind: fault.Cut, From: []string{"a"}, To: []string{"b"}, At: 20 * ms, For: 150 * ms},
			{Kind: fault.Cut, From: []string{"b"}, To: []string{"a"}, At: 25 * ms, For: 150 * ms},
			{Kind: fault.Crash, Nodes: []string{"b"}, At: 300 * ms, For: 40 * ms},
		}}, time.Second)
		w.Sometimes("a ping is late", b.got > 0)
		w.Sleep(550 * ms)
		w.Failf("%d pings of 60", b.got)
	},
	"panic": func(f *fakeT, w *World) {
		n := w.Node("n0")
		n.Start(func() { w.Sleep(1500 * time.Microsecond); trip(nil) })
		w.Sleep(time.Second)
	},
	"panic in a check": func(f *fakeT, w *World) {
		w.Always("sound", func() error { trip(nil); return nil })
	},
	"deadlock": func(f *fakeT, w *World) {
		var mu sched.Mutex
		w.Node("n0").Start(func() { mu.Lock(); mu.Lock() })
		w.Sleep(time.Second)
		mu.Lock()
	},
	"t.Errorf": func(f *fakeT, w *World) {
		w.Logf("about to fail\non two lines")
		f.Errorf("what the test itself says")
	},
	"t.Fatal": func(f *fakeT, w *World) {
		w.Sleep(time.Second)
		f.Errorf("what the test itself says")
		f.FailNow()
	},
}

func trip(m map[string]int) { m["x"] = 1 }

// Paths and line numbers are those of whoever runs the test.
var (
	paths = regexp.MustCompile(`\S*/(\w+\.go):\d+`)
	lines = regexp.MustCompile(`(\w+\.go):\d+`)
)

func TestStories(t *testing.T) {
	datadriven.RunTest(t, "testdata/story.txt", func(t *testing.T, d *datadriven.TestData) string {
		if d.Cmd != "story" {
			d.Fatalf(t, "there is no command %q; there is story", d.Cmd)
		}
		var seed string
		d.ScanArgs(t, "seed", &seed)
		fn := stories[d.Input]
		if fn == nil {
			d.Fatalf(t, "there is no scenario %q", d.Input)
		}
		setenv(t, "SAMERUN_SEED", seed)
		f := &fakeT{name: "TestStory"}
		runTest(f, func(w *World) { fn(f, w) })
		var out string
		for _, e := range f.errors {
			out += e + "\n"
		}
		out = strings.ReplaceAll(out, os.Getenv("SAMERUN_OUT"), "/out")
		out = strings.ReplaceAll(out, "go test"+buildFlags(), "go test")
		out = paths.ReplaceAllString(out, "$1:N")
		return lines.ReplaceAllString(out, "$1:N")
	})
}
