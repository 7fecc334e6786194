package testproc

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestNodeOf(t *testing.T) {
	for line, want := range map[string]string{
		"2026/11/29 12:00:00 server 3 votes":                      "server 3",
		"    raft_test.go:12: [S2] T4 becomes leader":             "s2",
		"000123 VOTE S0 -> S1":                                    "s0",
		"[3] follower since 100ms":                                "[3]",
		"2026/11/29 12:00:00.123456 Node-7: applied 12":           "node-7",
		"time=2000-01-01T00:00:01Z level=INFO msg=applied node=5": "node=5",
		"12:00:00 nothing to tell":                                "",
		"count: 17 of 23":                                         "",
		"":                                                        "",
		strings.Repeat("x", 200) + " server 3":                    "",
	} {
		if got := nodeOf(line); got != want {
			t.Errorf("%q is of %q, want %q", line, got, want)
		}
	}
}

// Of lines by the thousand the last are told, and the last of a node that was silent long
// before, with how many are left out in between.
func TestLastLines(t *testing.T) {
	var lines []string
	for i := range 3000 {
		node := i % 5
		if i > 1000 {
			node = i%4 + 1 // server 0 has died
		}
		lines = append(lines, fmt.Sprintf("12:00:00 server %d: line %d", node, i))
	}
	got := lastLines(lines, 20)
	want := slices.Concat([]string{"… 995 earlier lines of the test", lines[995], "… 4 lines left out", lines[1000], "… 1979 lines left out"}, lines[2980:])
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// Where each line has a number of its own, those are no nodes.
	for i := range lines {
		lines[i] = fmt.Sprintf("client %d is done", i)
	}
	if got, want := lastLines(lines, 20), append([]string{"… 2980 earlier lines of the test"}, lines[2980:]...); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if got := lastLines(lines[:20], 20); !slices.Equal(got, lines[:20]) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

// What a test has said by t.Log before it failed does not push out why it did.
func TestExcerptOfATestThatLogsMuch(t *testing.T) {
	var b strings.Builder
	b.WriteString("printed before\n--- FAIL: TestX (1.00s)\n    --- FAIL: TestX/a (1.00s)\n")
	for i := range 5000 {
		node := i % 3
		if i > 300 {
			node = i % 2
		}
		fmt.Fprintf(&b, "        x_test.go:7: [S%d] line %d\n", node, i)
	}
	b.WriteString("        x_test.go:9: one of S0 and S1 is wrong\n")
	got := ExcerptOf(b.String())
	lines := strings.Split(got, "\n")
	for _, want := range []string{"printed before", "--- FAIL: TestX (1.00s)", "    --- FAIL: TestX/a (1.00s)", "        x_test.go:7: [S2] line 299", "        x_test.go:9: one of S0 and S1 is wrong"} {
		if !slices.Contains(lines, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if len(lines) > excerptLines+mostLogged || lines[len(lines)-1] != "        x_test.go:9: one of S0 and S1 is wrong" || strings.Contains(got, "more line") {
		t.Errorf("%d lines:\n%s", len(lines), got)
	}
	// Of several that failed, the first are told.
	several := "--- FAIL: TestX (1.00s)\n" + strings.Repeat("    --- FAIL: TestX/a (1.00s)\n        x_test.go:9: bad\n", 100)
	if got := ExcerptOf(several); !strings.HasSuffix(got, "\n… 141 more lines") {
		t.Errorf("%s", got)
	}
}
