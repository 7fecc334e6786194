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
	b.WriteString("\nIn the tables below, \"noticed by\" names the first test that failed. \"No end\" is a run that did not end in time.\n")
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
			b.WriteString("\n## Equivalent ones\n\nThese mutations do not change what the code does, so no test can notice them. They are not run and do not count.\n\n| mutation | file | what it changes | why nobody can tell |\n|---|---|---|---|\n")
			first = false
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", m, m.File, cell(m.Break), cell(m.Equivalent))
	}
	return b.String()
}

// cell is a text in a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

const head = `# Mutations

Would the tests notice if the code were wrong? This page answers that for developers of samerun. The code is
broken on purpose, in one small way after the other, and each time a test must fail.

People choose the mutations as an adversary would: a bound moved by one, a call left out, a condition negated, a
reset forgotten. The lists are in ` + "`testdata/mutations`" + `, and ` + "`go doc ./internal/mutate`" + ` explains an entry. This command
tries the mutations and writes this page:

` + "```" + `
go run ./internal/mutate/cmd -write
` + "```" + `

- Without -write it only prints what it finds.
- With names of parts or of mutations, it tries only those. For the others, ` + "`docs/mutations.json`" + ` has the latest
  result.
- It ends with exit status 1 if a mutation survives, does not compile, or no longer applies because the code has
  changed. So does ` + "`.ci/run`" + `.
- It changes no file of the source tree. The build gets the mutated file by ` + "`go test -overlay`" + `.
`
