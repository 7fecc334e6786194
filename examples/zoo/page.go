package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// events says how many there were; those of ordinary Go are not counted.
func events(r *row) string {
	if r.Shrunk.Events[0] == 0 {
		return ""
	}
	return fmt.Sprintf("%d → %d", r.Shrunk.Events[0], r.Shrunk.Events[1])
}

// render writes the page.
func render(rows []*row) string {
	var b strings.Builder
	fmt.Fprintf(&b, head, len(rows), starts, apart, patience, fewFaults)
	b.WriteString("| bug | breaks | seeds: median | worst | time | minimised in | faults | steps | events |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range rows {
		mark := ""
		if !r.Shrunk.Minimal {
			mark = " (not to the end)"
		}
		if r.Tried > 1 {
			mark += fmt.Sprintf(" (failure %d)", r.Tried)
		}
		fmt.Fprintf(&b, "| %s `%s` | %s | %s | %s | %s | %.1fs%s | %d → %d | %d → %d | %s |\n",
			short(r.Package), r.Bug, r.Property, seeds(median(r.Chaos.Seeds)), seeds(float64(slices.Max(r.Chaos.Seeds))), perFind(r.Chaos),
			r.Shrunk.Seconds, mark, r.Shrunk.Faults[0], r.Shrunk.Faults[1], r.Shrunk.Steps[0], r.Shrunk.Steps[1], events(r))
	}
	b.WriteString(storiesHead)
	for _, r := range rows {
		story := r.Story
		if story == "" {
			story = "no fault at all: the workload alone"
		}
		name := r.Bug
		if !r.ordinary() {
			name = fmt.Sprintf("[%s](../%s/testdata/stories/%s.txt)", r.Bug, r.Package, r.Bug)
		}
		fmt.Fprintf(&b, "- **%s**: %s\n", name, "`"+strings.ReplaceAll(story, "\n", "`; `")+"`")
	}
	if slices.ContainsFunc(rows, func(r *row) bool { return r.Others != nil }) {
		fmt.Fprintf(&b, slowHead, slow)
		b.WriteString("| bug | chaos |")
		for _, w := range ways {
			fmt.Fprintf(&b, " %s |", w.name)
		}
		b.WriteString("\n|---|---|" + strings.Repeat("---|", len(ways)) + "\n")
		for _, r := range rows {
			if r.Others == nil {
				continue
			}
			fmt.Fprintf(&b, "| `%s` | %s |", r.Bug, cell(r.Chaos))
			for _, s := range r.Others {
				fmt.Fprintf(&b, " %s |", cell(s))
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

const head = `# The zoo

The examples have %d planted bugs. This page shows how many seeds it takes to find each of them, and how
small its failure becomes. A test that has never failed proves little; these have failed for each of the
bugs.

- Most bugs are behind a switch of their own. The scenario ` + "`UnderChaos`" + ` of the package runs the servers
  under the preset ` + "`chaos`" + `, and states what must hold. Nothing in it is made for one of the bugs.
- The bugs of ledger, a service of ordinary Go over net/http and bbolt, are build tags. Its test TestLedger
  states what must hold.

This command measures the bugs and writes the page:

` + "```" + `text
go run ./examples/zoo -write
` + "```" + `

## How soon, and how small

- *seeds*: how many seeds it takes to find the bug. There are %d starts that are %d seeds apart. A search
  that has not found the bug in %d seeds is given up, and counts as more than that.
- *time*: the average time of one search on the machine that wrote the page.
- *minimised in*: how long it took to minimise the failure of the first start, as ` + "`samerun test`" + ` does. If
  more than %d faults were left, failures of further starts were minimised, too; then the column says which
  one the row is about.
- *faults*, *steps*, *events*: those of the failing run, and of the smallest run that fails in the same way.
  Steps are steps of the workload. Events of ordinary Go are not counted.

Each smallest failure is saved in the package's ` + "`testdata/zoo`" + `. A test runs it with the bug, where it must
fail, and without the bug, where it must pass.

`

const storiesHead = `
## The stories

Each line has what is left of a failure. If you take out one of its faults, the failure does not happen.
The name is a link to the whole story, as the terminal shows it. The test TestStories of each package checks
that the words of a story name what caused the failure.

`

const slowHead = `
## The slow ones

Some bugs take a median of %d seeds or more. They were searched for in other ways as well: by the preset
` + "`swarm`" + `, in which each seed draws its own mix of faults, and by strategies other than random priorities
([strategies.md](strategies.md)). The table has the median and the worst of the same starts:

`

// seeds is a number of seeds in words.
func seeds(n float64) string { return upTo(n, patience) }

// upTo is a number of seeds of a search that gives up at most.
func upTo(n float64, most int) string {
	if n > float64(most) {
		return fmt.Sprintf("> %d", most)
	}
	return fmt.Sprintf("%g", n)
}

func cell(s search) string {
	return fmt.Sprintf("%s (%s)", seeds(median(s.Seeds)), seeds(float64(slices.Max(s.Seeds))))
}

// perFind is the real time of one search, had it been alone on one processor of as
// many as were used.
func perFind(s search) string {
	return (s.Took / starts).Round(10 * time.Millisecond).String()
}

// short is the name of a package.
func short(pkg string) string { return pkg[strings.LastIndexByte(pkg, '/')+1:] }
