package shrink

import (
	"slices"
	"strconv"
	"strings"
)

// mostSizes is how many values of a size are tried one by one.
const mostSizes = 16

// fewerOfAll makes sizes smaller, the smallest first: as the input is, and then
// with names that still mean something.
func (m *minimiser) fewerOfAll() {
	for i := range m.best.sizes {
		s := m.best.sizes[i]
		m.step(2*min(s.Value-s.Least, mostSizes), func(j int) (candidate, bool) {
			c := m.best
			c.sizes = slices.Clone(c.sizes)
			c.sizes[i].Value = s.Least + j/2
			if j%2 == 0 {
				return c, true
			}
			return m.renamed(c, s.Value, c.sizes[i].Value)
		})
	}
}

// renamed is a candidate in which the names of nodes that will be gone give way to
// those of nodes that stay and that nothing befalls: of n0 to n4, if there shall be
// three, n4 becomes n1 if that is free. Names that are numbered from 0 and as many
// as the size says count as such. Workloads of the same names go along. It answers
// false if there is nothing to rename.
func (m *minimiser) renamed(c candidate, before, after int) (candidate, bool) {
	changed := false
	for _, prefix := range m.numbered(before) {
		used := make([]bool, before)
		visit := func(name string) {
			if n, ok := numberOf(name, prefix, before); ok {
				used[n] = true
			}
		}
		c.names(func(name string) string { visit(name); return name })
		to := map[string]string{}
		for n := after; n < before; n++ {
			if !used[n] {
				continue
			}
			free := slices.Index(used[:after], false)
			if free < 0 {
				return c, false
			}
			used[free] = true
			to[prefix+strconv.Itoa(n)] = prefix + strconv.Itoa(free)
		}
		if len(to) == 0 {
			continue
		}
		changed = true
		c = c.names(func(name string) string {
			base, again, _ := strings.Cut(name, "#") // a workload that is used again
			if other, ok := to[base]; ok {
				if again != "" {
					return other + "#" + again
				}
				return other
			}
			return name
		})
	}
	return c, changed && c.input().Schedule.Validate() == nil
}

// numbered returns what precedes the numbers 0 to n-1, and no others, in names of
// nodes.
func (m *minimiser) numbered(n int) []string {
	var prefixes []string
	for _, name := range m.nodes {
		prefix, ok := strings.CutSuffix(name, "0")
		if !ok || slices.Contains(m.nodes, prefix+strconv.Itoa(n)) || !slices.Contains(m.nodes, prefix+strconv.Itoa(n-1)) {
			continue
		}
		prefixes = append(prefixes, prefix)
	}
	return prefixes
}

// numberOf returns the number in a name such as prefix3 or, of a workload,
// prefix3#2.
func numberOf(name, prefix string, below int) (int, bool) {
	base, _, _ := strings.Cut(name, "#")
	text, ok := strings.CutPrefix(base, prefix)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && n < below && strconv.Itoa(n) == text
}

// names is the candidate with other names of nodes and of workloads.
func (c candidate) names(other func(string) string) candidate {
	all := func(list []string) []string {
		if len(list) == 0 {
			return list
		}
		list = slices.Clone(list)
		for i := range list {
			list[i] = other(list[i])
		}
		return list
	}
	faults := make([]element, len(c.faults))
	for i, e := range c.faults {
		f := e.Fault
		f.From, f.To, f.Nodes = all(f.From), all(f.To), all(f.Nodes)
		faults[i] = newElement(f)
	}
	steps := slices.Clone(c.steps)
	for i := range steps {
		steps[i].Of = other(steps[i].Of)
	}
	c.faults, c.steps = faults, steps
	return c
}
