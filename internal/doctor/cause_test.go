package doctor

import (
	"strings"
	"testing"

	"samerun/internal/records"
	"samerun/internal/text"
)

// partingAt is a difference whose sides stand in these frames.
func partingAt(common string, frames ...string) *parting {
	l := &records.Line{Kind: "turn", Turn: 2, Ready: 1, Frames: frames}
	at := &parting{test: "TestX", sides: [2]*records.Line{l, l}}
	if common != "" {
		at.common = []records.Line{{Kind: "draw", Stream: common}}
	}
	return at
}

// Where little is known, the cause says so.
func TestCauseIsHonest(t *testing.T) {
	pointers := suspect{kind: byAddress, what: "%p", at: "a.go:1", pkg: "m/a", in: "m/a.F", own: true}
	elsewhere := suspect{kind: byAddress, what: "%p", at: "b.go:1", pkg: "m/b", in: "m/b.F"}
	file := suspect{kind: byWorld, what: "os.Open", at: "a.go:3", pkg: "m/a", in: "m/a.G", own: true}
	for _, c := range []struct {
		name string
		f    finding
		v    survey
		want string // how sure and what
	}{
		{"nothing to go by", finding{}, survey{}, " unknown"},
		{"not seen again", finding{repeats: true, rare: true}, survey{}, " unknown"},
		{"not seen again, at an address", finding{repeats: true, rare: true, at: partingAt("map", "m/a.F:1")}, survey{suspects: []suspect{pointers}}, "likely pointer order"},
		{"not seen again, at an address elsewhere", finding{repeats: true, rare: true, at: partingAt("map", "m/a.F:1")}, survey{suspects: []suspect{elsewhere}}, " unknown"},
		{"the pace of the collector, and nothing in sight", finding{repeats: true, byGC: true}, survey{}, "possible pointer order, or what the collector does"},
		{"processors, and nothing in sight", finding{repeats: true, byProcs: true}, survey{}, "possible the number of processors"},
		{"another name of the folder, which moves addresses", finding{repeats: true, byFolder: true}, survey{suspects: []suspect{pointers}}, "likely pointer order"},
		{"another name of the folder, and nothing in sight", finding{repeats: true, byFolder: true}, survey{}, "likely the name of the folder for temporary files"},
		{"the collector", finding{repeats: true, byGC: true}, survey{suspects: []suspect{elsewhere}}, "likely pointer order"},
		{"a file is opened elsewhere", finding{}, survey{suspects: []suspect{file}}, "possible the world outside"},
		{"a file is opened there", finding{at: partingAt("", "m/a.G.func1:3")}, survey{suspects: []suspect{file}}, "likely the world outside"},
		{"an address elsewhere", finding{}, survey{suspects: []suspect{elsewhere}}, "possible pointer order"},
		{"an address there", finding{}, survey{suspects: []suspect{pointers}}, "likely pointer order"},
		{"C somewhere", finding{}, survey{cgo: []string{"m/c"}}, "possible cgo"},
		{"C there", finding{at: partingAt("", "m/c.F:1")}, survey{cgo: []string{"m/c"}}, "likely cgo"},
		{"waits", finding{io: [2]int{0, 1}}, survey{cgo: []string{"m/c"}}, "likely real input or output"},
		{"waits, and another course with other processors", finding{io: [2]int{1, 1}, repeats: true, byProcs: true}, survey{}, "likely real input or output"},
		{"only the first run, which wrote nothing", finding{firstOnly: true}, survey{}, "possible something that an earlier run has left"},
		{"before the first test", finding{at: &parting{what: "prints"}}, survey{}, "likely code outside of the tests"},
		{"alone, though nothing comes before", finding{alone: true, repeats: true}, survey{}, " unknown"},
	} {
		f := c.f
		f.survey = &c.v
		if f.at == nil {
			f.at = partingAt("", "m/a.F:1")
		}
		got := f.cause()
		if got.sure+" "+got.name != c.want {
			t.Errorf("%s: %s %s, want %s", c.name, got.sure, got.name, c.want)
		}
		if len(got.why) == 0 || len(got.cure) == 0 {
			t.Errorf("%s: no reason, or nothing to do: %+v", c.name, got)
		}
	}
}

func TestReportWords(t *testing.T) {
	for n, want := range map[uint64]string{1: "1 turn", 999: "999 turns", 1000: "1,000 turns", 1234567: "1,234,567 turns"} {
		if got := many(n, "turn"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	text := text.Wrap(strings.Repeat("word ", 40), "  - ", "    ", reportWidth)
	for i, line := range strings.Split(text, "\n") {
		if len(line) > reportWidth || !strings.HasPrefix(line, []string{"  - ", "    "}[min(i, 1)]) {
			t.Errorf("line %d: %q", i, line)
		}
	}
	if n := strings.Count(text, "word"); n != 40 {
		t.Errorf("%d words of 40", n)
	}
}

// Each stream that a record can name has words for people, and the deviations of each
// are told.
func TestStreamsHaveWords(t *testing.T) {
	for _, stream := range append([]string{"user", "map"}, records.StrayStreams...) {
		if streamWords[stream] == "" {
			t.Errorf("there are no words for the stream %s", stream)
		}
	}
	if len(streamWords) != len(records.StrayStreams)+2 {
		t.Error(streamWords)
	}
}
