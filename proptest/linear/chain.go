package linear

import "strings"

// chain is a list of texts that is never changed: a longer one shares the shorter
// one, so that the many states of a search cost little. nil is the empty list.
//
// Invariants: n counts the texts and size their bytes; hash depends on the texts
// in their order, joined or not as the states that use it need.
type chain struct {
	before *chain
	text   string
	n      int
	size   int
	hash   uint64
}

// push returns the list with one more text.
func (c *chain) push(text string) *chain {
	return &chain{before: c, text: text, n: c.len() + 1, size: c.bytes() + len(text), hash: hashText(c.sum(), text) + 1}
}

// join returns the list with one more text, of which only the joined text counts.
func (c *chain) join(text string) *chain {
	if text == "" {
		return c
	}
	return &chain{before: c, text: text, n: c.len() + 1, size: c.bytes() + len(text), hash: hashText(c.sum(), text)}
}

func (c *chain) len() int {
	if c == nil {
		return 0
	}
	return c.n
}

func (c *chain) bytes() int {
	if c == nil {
		return 0
	}
	return c.size
}

func (c *chain) sum() uint64 {
	if c == nil {
		return 14695981039346656037
	}
	return c.hash
}

// hashText is FNV-1a, begun with another hash.
func hashText(h uint64, text string) uint64 {
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}

// equal compares the last n texts of two lists.
func (c *chain) equal(d *chain, n int) bool {
	for ; n > 0 && c != d; n-- {
		if c.text != d.text {
			return false
		}
		c, d = c.before, d.before
	}
	return true
}

// at returns the i-th text, the first being 0.
func (c *chain) at(i int) string {
	for c.n > i+1 {
		c = c.before
	}
	return c.text
}

// list returns the last n texts, the newest last.
func (c *chain) list(n int) []string {
	all := make([]string, n)
	for i := n - 1; i >= 0; i-- {
		all[i], c = c.text, c.before
	}
	return all
}

// is says whether the joined text is s.
func (c *chain) is(s string) bool {
	if c.bytes() != len(s) {
		return false
	}
	for ; c != nil; c = c.before {
		if !strings.HasSuffix(s, c.text) {
			return false
		}
		s = s[:len(s)-len(c.text)]
	}
	return true
}

// String returns the joined text.
func (c *chain) String() string { return strings.Join(c.list(c.len()), "") }

// sameText says whether the joined texts of two lists are the same, however they
// were put together. The hashes decide nearly always.
func (c *chain) sameText(d *chain) bool {
	return c == d || c.bytes() == d.bytes() && c.sum() == d.sum() && d.is(c.String())
}
