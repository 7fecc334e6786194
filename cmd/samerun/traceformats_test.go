package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// agree turns a trace of JSON lines into all other formats, and says where they have other
// counts of events, messages and faults. Mermaid leaves kinds out, and says what the run had.
func agree(t *testing.T, dir, file string, convert func(to string)) map[string]int {
	t.Helper()
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	type event struct{ Kind string }
	of := func(data []byte) (kind string) {
		var e event
		if err := json.Unmarshal(data, &e); err != nil {
			t.Fatalf("%v in %.200s", err, data)
		}
		return e.Kind
	}
	want := map[string]int{}
	for _, line := range bytes.Split(bytes.TrimSpace(read(file)), []byte("\n"))[1:] {
		want[of(line)]++
	}
	for _, format := range []string{"x.html", "x.json", "x.shiviz", "x.mmd"} {
		convert(format)
		data := read(format)
		got := map[string]int{}
		switch format {
		case "x.html":
			m := regexp.MustCompile(`(?s)<script type="application/json" class="trace">(.*?)</script>`).FindSubmatch(data)
			var page struct{ Events []event }
			if err := json.Unmarshal(m[1], &page); err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Events {
				got[e.Kind]++
			}
		case "x.json":
			var p struct {
				TraceEvents []struct {
					Args struct {
						N    int
						Kind string
					}
				}
			}
			if err := json.Unmarshal(data, &p); err != nil {
				t.Fatal(err)
			}
			for _, e := range p.TraceEvents {
				if e.Args.N > 0 {
					got[e.Args.Kind]++
				}
			}
		case "x.shiviz":
			for _, m := range regexp.MustCompile(`(?m)^([a-z]+)\b.* \[\d+ at [^\]]*\]$`).FindAllSubmatch(data, -1) {
				got[string(m[1])]++
			}
		case "x.mmd":
			all := 0
			for _, n := range want {
				all += n
			}
			words := fmt.Sprintf("%%%% %d events, %d messages, %d fault", all, want["send"], want["fault"])
			if words = strings.ReplaceAll(words, " 1 messages", " 1 message"); !strings.Contains(string(data), words) {
				t.Errorf("%s has no %q in %.200s", format, words, data)
			}
			continue
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s has %v, and the trace %v", format, got, want)
		}
	}
	return want
}

// A world of goroutines has both in its trace: what the world records, and what goroutines do.
func TestTraceOfGoroutines(t *testing.T) {
	takesLong(t)
	m := mixedCopy(t)
	m.trace("a.jsonl", "-seed", "2", "-run", "^TestGoroutines$", "./mixed")
	n := agree(t, m.dir, "a.jsonl", func(to string) { m.trace(to, "a.jsonl") })
	for _, kind := range []string{"boot", "go", "turn", "wait", "woken"} {
		if n[kind] == 0 {
			t.Errorf("there is no %s in %v", kind, n)
		}
	}
}

// trace runs the verb in the module.
func (m *mixedModule) trace(to string, args ...string) {
	m.Helper()
	var out, err bytes.Buffer
	a := &app{stdout: &out, stderr: &err}
	a.Dir, a.Environ, a.Self = m.dir, os.Environ(), "samerun"
	if code := a.main(m.Context(), append([]string{"trace", "-o", to}, args...)); code != exitOK {
		m.Fatalf("trace %q: exit status %d\n%s%s", args, code, out.String(), err.String())
	}
}
