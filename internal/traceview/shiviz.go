package traceview

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"samerun/internal/text"
	"samerun/internal/tracefile"
)

const shivizBeginning = "(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})\n\n"

// writeShiViz writes a log with vector clocks, as ShiViz reads it (https://bestchai.bitbucket.io/shiviz):
// first the expression by which it is read, and then two lines for each event: what happened, and
// the host with its clock. What arrives has seen what its sender had. What belongs to no node
// is on a host of its own, "run".
func writeShiViz(w io.Writer, t *tracefile.Trace) error {
	out := bufio.NewWriterSize(w, 1<<16)
	out.WriteString(shivizBeginning)
	hosts := hostNames(t)
	index := map[string]int{"": 0}
	for i, name := range t.Nodes {
		index[name] = i + 1
	}
	clocks := make([][]uint64, len(hosts))
	for i := range clocks {
		clocks[i] = make([]uint64, len(hosts))
	}
	sent := map[uint64][]uint64{}
	for i := range t.Events {
		e := &t.Events[i]
		h := index[laneOf(e)]
		clock := clocks[h]
		clock[h]++
		switch e.Kind {
		case tracefile.Send:
			sent[e.N] = slices.Clone(clock)
		case tracefile.Arrive:
			for j, c := range sent[e.Msg] {
				clock[j] = max(clock[j], c)
			}
		}
		fmt.Fprintf(out, "%s [%d at %s]\n%s {", title(e), e.N, text.AppendTime(nil, at(e)), hosts[h])
		comma := ""
		for j, c := range clock {
			if c > 0 {
				fmt.Fprintf(out, "%s%s:%d", comma, quoted(hosts[j]), c)
				comma = ", "
			}
		}
		out.WriteString("}\n")
	}
	return out.Flush()
}

// hostNames are names of the nodes without white space, each once; the first is that of none.
func hostNames(t *tracefile.Trace) []string {
	hosts := []string{"run"}
	for _, name := range t.Nodes {
		host := strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`{}"\`, r) {
				return '_'
			}
			return r
		}, name)
		for slices.Contains(hosts, host) {
			host += "_"
		}
		hosts = append(hosts, host)
	}
	return hosts
}
