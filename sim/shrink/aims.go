package shrink

import (
	"slices"

	"samerun/sim/fault"
)

// narrowAll lets each element befall fewer nodes, links and messages.
func (m *minimiser) narrowAll() {
	for i := 0; i < len(m.best.faults) && !m.over(); i++ {
		for m.stepElement(i, weaker(m.best.faults[i].Fault, m.nodes)) {
		}
		for _, of := range [...]func(*fault.Fault) *[]string{
			func(f *fault.Fault) *[]string { return &f.Nodes },
			func(f *fault.Fault) *[]string { return &f.From },
			func(f *fault.Fault) *[]string { return &f.To },
		} {
			m.fewerNames(i, of)
			m.plainNames(i, of)
		}
		m.oneDirection(i)
		for m.stepElement(i, picks(m.best.faults[i].Fault)) {
		}
	}
}

// fewerNames takes names out of one list of element i.
func (m *minimiser) fewerNames(i int, of func(*fault.Fault) *[]string) {
	base := m.best.faults[i].Fault
	all := *of(&base)
	ddmin(len(all), min(1, len(all)), func(count int, part func(i int) []int) int {
		return m.step(count, func(j int) (candidate, bool) {
			f := base
			*of(&f) = chosen(all, part(j))
			return m.replaced(i, f)
		})
	})
}

// plainNames puts names of nodes in the place of one that means several.
func (m *minimiser) plainNames(i int, of func(*fault.Fault) *[]string) {
	f := m.best.faults[i].Fault
	for at, name := range *of(&f) {
		if isNode(name) {
			continue
		}
		others := slices.Delete(slices.Clone(*of(&f)), at, at+1)
		instead := func(nodes []string) fault.Fault {
			g := f
			*of(&g) = slices.Concat(others, nodes)
			return g
		}
		var found []string
		if name[0] == '@' {
			for _, n := range few(m.nodes) {
				if !slices.Contains(others, n) {
					found = append(found, n)
				}
			}
			forms := make([]fault.Fault, len(found))
			for j, n := range found {
				forms[j] = instead([]string{n})
			}
			if m.stepElement(i, forms) {
				return
			}
			continue
		}
		if found = m.fewestOf(i, others, instead); found != nil && m.stepElement(i, []fault.Fault{instead(found)}) {
			return
		}
	}
}

// fewestOf returns names of nodes that can stand for all of them, or nil. On the
// way it tries longer lists, which are no improvement over "*".
func (m *minimiser) fewestOf(i int, others []string, instead func([]string) fault.Fault) []string {
	var names []string
	for _, n := range m.nodes {
		if !slices.Contains(others, n) {
			names = append(names, n)
		}
	}
	fails := func(count int, part func(j int) []int) int {
		return m.first(count, func(j int) (candidate, bool) {
			f := instead(chosen(names, part(j)))
			return m.best.with(i, f), f.Validate() == nil
		})
	}
	everything := make([]int, len(names))
	for j := range everything {
		everything[j] = j
	}
	if len(names) == 0 || fails(1, func(int) []int { return everything }) < 0 {
		return nil
	}
	return chosen(names, ddmin(len(names), 1, fails))
}

// oneDirection lets element i befall requests alone, or replies.
func (m *minimiser) oneDirection(i int) {
	f := m.best.faults[i].Fault
	info, _ := f.Kind.Info()
	if f.Dir != fault.Both || !info.Uses(fault.FieldDir) {
		return
	}
	request, reply := f, f
	request.Dir, reply.Dir = fault.Request, fault.Reply
	m.stepElement(i, []fault.Fault{request, reply})
}

// namesIn returns the names of nodes that a schedule mentions, sorted.
func namesIn(s fault.Schedule) []string {
	var names []string
	for i := range s.Faults {
		f := &s.Faults[i]
		for _, list := range [...][]string{f.From, f.To, f.Nodes} {
			for _, name := range list {
				if isNode(name) {
					names = append(names, name)
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
