package callbook

// bookNames are names, numbered from 0 in the order in which they came: a table of hashes, since
// package runtime must not draw from the run for one of its own, as maps do.
type bookNames struct {
	names []string
	table []int // places plus 1, 0 for free; twice as many as names at least
}

// find is the number of a name.
func (n *bookNames) find(name string) (number int, is bool) {
	if len(n.table) == 0 {
		return 0, false
	}
	for i := bookHash(name) % uint64(len(n.table)); ; i = (i + 1) % uint64(len(n.table)) {
		switch at := n.table[i]; {
		case at == 0:
			return 0, false
		case n.names[at-1] == name:
			return at - 1, true
		}
	}
}

// place is find, and adds a name that is new.
func (n *bookNames) place(name string) (number int, is bool) {
	if number, is = n.find(name); is {
		return number, true
	}
	n.names = append(n.names, name)
	if 2*len(n.names) > len(n.table) {
		n.table = make([]int, max(64, 2*len(n.table)))
		for at := range n.names {
			n.enter(at)
		}
	} else {
		n.enter(len(n.names) - 1)
	}
	return len(n.names) - 1, false
}

// enter puts a name that is not there into the table.
func (n *bookNames) enter(at int) {
	i := bookHash(n.names[at]) % uint64(len(n.table))
	for n.table[i] != 0 {
		i = (i + 1) % uint64(len(n.table))
	}
	n.table[i] = at + 1
}

// bookHash is FNV-1a.
func bookHash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
