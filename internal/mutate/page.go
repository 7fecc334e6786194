package mutate

import (
	"fmt"
	"slices"
	"strings"
)

// Rate is how many mutations of an area were noticed.
type Rate struct {
	Area           string
	Noticed, Total int
}

// PerMille is the share in thousandths, rounded down. An empty area has all.
func (r Rate) PerMille() int {
	if r.Total == 0 {
		return 1000
	}
	return 1000 * r.Noticed / r.Total
}

// Rates counts results by area, in the order of first mention. Errors count as not
// noticed.
func Rates(results []Result) []Rate {
	var rates []Rate
	for _, r := range results {
		i := slices.IndexFunc(rates, func(x Rate) bool { return x.Area == r.Area })
		if i < 0 {
			i = len(rates)
			rates = append(rates, Rate{Area: r.Area})
		}
		rates[i].Total++
		if r.Noticed && r.Err == nil {
			rates[i].Noticed++
		}
	}
	return rates
}

// Page writes docs/mutations.md from the list and the table.
func Page(list []Mutation, t Table) string {
	var b strings.Builder
	b.WriteString(head)
	b.WriteString("\n| part | mutations | noticed | rate |\n|---|---|---|---|\n")
	for _, r := range Rates(t.Results(list)) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d.%d %% |\n", r.Area, r.Total, r.Noticed, r.PerMille()/10, r.PerMille()%10)
	}
	b.WriteString("\nNoticed by is the first test that failed; \"no end\" is a run that did not end in time.\n")
	area := ""
	for _, m := range list {
		if m.Equivalent != "" {
			continue
		}
		if m.Area != area {
			area = m.Area
			fmt.Fprintf(&b, "\n## %s\n\n| mutation | file | what it breaks | noticed by |\n|---|---|---|---|\n", area)
		}
		by, known := t[m.identity()]
		switch {
		case !known:
			by = "not tried yet"
		case by == "" && m.Survives != "":
			by = "nobody: " + m.Survives
		case by == "":
			by = "nobody"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", m.Name, m.File, cell(m.Break), cell(by))
	}
	first := true
	for _, m := range list {
		if m.Equivalent == "" {
			continue
		}
		if first {
			b.WriteString("\n## Equivalent ones\n\nNo test can tell these from the original. They are not run and do not count.\n\n| mutation | file | what it changes | why nobody can tell |\n|---|---|---|---|\n")
			first = false
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", m, m.File, cell(m.Break), cell(m.Equivalent))
	}
	return b.String()
}

// cell is a text in a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

const head = `# Mutations

Tests that pass say little about what they would notice. So the code is broken on purpose, in one small way after the other, and the tests must fail each time.
The mutations stand in ` + "`testdata/mutations`" + `, chosen by people as an adversary would: a bound moved by one, a call left out, a condition turned round, a reset forgotten.
Package ` + "`internal/mutate`" + ` tells how an entry looks. This page is written by a command, from what it finds:

` + "```" + `
go run ./internal/mutate/cmd -write
` + "```" + `

With names of parts or of mutations only those are tried; ` + "`docs/mutations.json`" + ` has what was found last of the others. Without -write it prints what it finds. It ends
with exit status 1 if a mutation survives, does not compile, or no longer applies because the code has changed; so does
` + "`.ci/run`" + `. No file of the tree is touched: the mutated file reaches the build by ` + "`go test -overlay`" + `.
`
