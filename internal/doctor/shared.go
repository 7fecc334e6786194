package doctor

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"samerun/internal/screen"
	"samerun/internal/text"
	"samerun/internal/wire"
)

// Nodes of a test are one process, so that they have the variables of packages in common, where
// machines would have one each. The tests with several nodes are run once more, and the
// runtime looks who writes what.

// together is what nodes have in common.
type together struct {
	vars   []sharedVariable
	limits []string // what was not watched, in sentences
}

// sharedVariable is a variable that two nodes wrote.
type sharedVariable struct {
	variable
	place  int      // in the layout, where those of the user come first
	itself bool     // else what it leads to
	nodes  []string // their names, sorted
	tests  []string
}

// lookForShared runs the tests again that have two nodes or more.
func (p *patient) lookForShared(ctx context.Context, ref *course) (*together, error) {
	t := &together{}
	var names []string
	for _, r := range ref.tests {
		if r.Nodes > 1 && !slices.Contains(names, r.Test) {
			names = append(names, r.Test)
		}
	}
	if len(names) == 0 {
		return t, nil
	}
	p.step(p.pkg.Arg + "  looking for variables that nodes share")
	var packages []string
	for _, path := range p.survey.packages {
		if path = strings.ReplaceAll(path, "%2e", "."); !isSamerun(path) {
			packages = append(packages, path)
		}
	}
	l, err := readLayout(p.pkg.Binary, p.survey.vars, packages)
	if err != nil {
		t.limits = append(t.limits, fmt.Sprintf("variables that nodes share were not looked for: %v", err))
		return t, nil
	}
	file := filepath.Join(p.tmp, "shared")
	if err := os.WriteFile(file, l.text(), 0o666); err != nil {
		return nil, fmt.Errorf("no place for what a test is told: %w", err)
	}
	var results []wire.Result
	patterns := []string{p.only(names...)}
	if p.apart != "" {
		patterns = nil
		for _, name := range names {
			patterns = append(patterns, p.only(name))
		}
	}
	for _, pattern := range patterns {
		c, err := p.run(ctx, conditions[0], pattern, "SAMERUN_SHARED="+file)
		if err != nil {
			return nil, err
		}
		c.remove()
		results = append(results, c.tests...)
	}
	t.read(l, names, results)
	return t, nil
}

// read takes over what the runs of some tests have found.
func (t *together) read(l *layout, names []string, results []wire.Result) {
	at := make(map[int]int) // by the place in the layout, the place in t.vars
	full := false
	var missing []string
	for _, name := range names {
		if !slices.ContainsFunc(results, func(r wire.Result) bool { return r.Test == name && r.Shared != nil }) {
			missing = append(missing, name)
		}
	}
	for _, r := range results {
		if r.Shared == nil {
			continue
		}
		full = full || r.Shared.Full
		for _, found := range r.Shared.Variables {
			if found.Variable < 0 || found.Variable >= len(l.vars) {
				continue
			}
			i, ok := at[found.Variable]
			if !ok {
				i = len(t.vars)
				at[found.Variable] = i
				t.vars = append(t.vars, sharedVariable{variable: l.vars[found.Variable], place: found.Variable})
			}
			v := &t.vars[i]
			v.itself = v.itself || found.Itself
			v.tests = append(v.tests, r.Test)
			for _, node := range found.Nodes {
				if !slices.Contains(v.nodes, node) {
					v.nodes = append(v.nodes, node)
				}
			}
		}
	}
	slices.SortFunc(t.vars, func(a, b sharedVariable) int { return cmp.Compare(a.place, b.place) })
	for _, v := range t.vars {
		slices.Sort(v.nodes)
	}
	if len(missing) > 0 {
		t.limits = append(t.limits, "did not come to its end when variables that nodes share were looked for: "+few(missing, fewPlaces))
	}
	if full {
		t.limits = append(t.limits, "variables of packages lead to more than is watched for writes of two nodes (4 MiB, 16384 things): what is far from them was left out")
	}
	if len(l.large) > 0 {
		var list []string
		for _, v := range l.large {
			list = append(list, fmt.Sprintf("%s at %s (%d KiB)", readable(v.name), v.at, v.size>>10))
		}
		t.limits = append(t.limits, fmt.Sprintf("too large to be watched for writes of two nodes (more than %d KiB, or %d with the others): %s", watchedVariable>>10, watchedVariables>>10, few(list, fewPlaces)))
	}
}

// manyShared is how many variables are named.
const manyShared = 20

// tellShared tells of variables that nodes share; apart says that nothing stands above which names
// the package.
func (p *patient) tellShared(t *together, apart bool, line *checked) {
	var b strings.Builder
	if apart && len(t.vars)+len(t.limits) > 0 {
		p.sayText(screen.Plain, "note", p.pkg.Arg, "its tests have nodes, which share the variables of packages")
	}
	sentence := func(s string) { b.WriteString(text.Wrap(s, "      ", "        ", reportWidth) + "\n") }
	if len(t.vars) > 0 {
		sentence("package variables that two nodes write, each of which machines would have for itself:")
	}
	for i, v := range t.vars {
		if i == manyShared {
			b.WriteString(fmt.Sprintf("        and %d more\n", len(t.vars)-i))
			break
		}
		b.WriteString(text.Wrap(v.String(), "        ", "          ", reportWidth) + "\n")
	}
	for _, s := range t.limits {
		sentence(s)
	}
	p.print(b.String())
	for _, v := range t.vars {
		line.Remarks = append(line.Remarks, "two nodes write "+v.String())
	}
	line.Remarks = append(line.Remarks, t.limits...)
}

// String is the variable, where it is, and who writes it.
func (v sharedVariable) String() string {
	what := readable(v.name) + " at " + v.at
	if !v.itself {
		what += ", in what it leads to"
	}
	nodes := slices.Clone(v.nodes)
	if n := len(nodes); n > fewPlaces+1 {
		nodes = append(nodes[:fewPlaces], fmt.Sprintf("%d more", n-fewPlaces))
	}
	return what + ", by " + text.And(nodes) + ", in " + few(v.tests, fewPlaces)
}

// readable is a name of the linker as one reads it, without the folders of the package.
func readable(name string) string { return shortFrame(strings.ReplaceAll(name, "%2e", ".")) }
