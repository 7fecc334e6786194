package called

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"samerun/internal/overlay/leaf/callbook"
	"samerun/internal/text"
)

// change makes sentences of what the network was told, but for how it began and how it was shut down. What
// it was told of several ends at one instant is one.
func (c *Calls) change(n names, until time.Duration) {
	list := c.page.Changes
	for len(list) > 0 && time.Duration(list[len(list)-1].At) > until {
		list = list[:len(list)-1]
	}
	list = withoutCleanup(list, c.page.Left+uint64(len(c.page.Calls)))
	var off links
	for len(list) > 0 {
		at, was := list[0].At, slices.Clone(off)
		i := 0
		for ; i < len(list) && list[i].At == at; i++ {
			off.note(&list[i], n)
		}
		add := func(node, words string) {
			c.Changes = append(c.Changes, Change{time.Duration(at), node, words, list[0].Calls})
		}
		sides := n.owned(c.page.Owners)
		off.tell(was, sides, add)
		for j := range list[:i] {
			switch x := &list[j]; x.What {
			case callbook.BookAddsServer:
				add(n.servers[x.Server-1], "starts again")
			case callbook.BookDeletesServer:
				add(n.servers[x.Server-1], deleted)
			}
		}
		list = list[i:]
	}
}

// deleted is said of a server.
const deleted = "is deleted"

// withoutCleanup leaves out what the network was told after so many calls, the last one, if servers
// were deleted then: the test shut all down.
func withoutCleanup(list []callbook.BookChange, calls uint64) []callbook.BookChange {
	n := len(list)
	for n > 0 && list[n-1].Calls >= calls {
		n--
	}
	for _, x := range list[n:] {
		if x.What == callbook.BookDeletesServer {
			return list[:n]
		}
	}
	return list
}

// owned are the names of servers that have ends of their own.
func (n *names) owned(owners []int) (all []string) {
	for i, owner := range owners {
		if owner > 0 && !slices.Contains(all, n.batches[i]) {
			all = append(all, n.batches[i])
		}
	}
	return all
}

// link is an end: whose it is, and where it leads.
type link struct{ from, to string }

// links are ends that are disabled, sorted.
type links []link

func (l link) compare(other link) int {
	return cmp.Or(cmp.Compare(l.from, other.from), cmp.Compare(l.to, other.to))
}

// note notes a change of an end.
func (l *links) note(x *callbook.BookChange, n names) {
	if x.What != callbook.BookEnables && x.What != callbook.BookDisables || x.Batch == 0 || x.Server == 0 {
		return
	}
	end := link{n.batches[x.Batch-1], n.servers[x.Server-1]}
	if end.from == end.to {
		return
	}
	at, is := slices.BinarySearchFunc(*l, end, link.compare)
	switch {
	case x.What == callbook.BookDisables && !is:
		*l = slices.Insert(*l, at, end)
	case x.What == callbook.BookEnables && is:
		*l = slices.Delete(*l, at, at+1)
	}
}

// tell says what has changed since an instant before. servers are those that call each other.
func (l links) tell(was links, servers []string, add func(node, words string)) {
	without := func(a, b links) (rest links) {
		for _, x := range a {
			if _, is := slices.BinarySearchFunc(b, x, link.compare); !is {
				rest = append(rest, x)
			}
		}
		return rest
	}
	gone, back := without(l, was), without(was, l)
	told := func(ends links, verb string) bool {
		node, others := about(ends)
		if node != "" {
			add(node, verb+" "+strings.Join(others, ", "))
		}
		return node != "" || len(ends) == 0
	}
	if node, _ := about(gone); node != "" || len(gone) == 0 {
		if node, _ := about(back); node != "" || len(back) == 0 {
			told(gone, "is cut off from")
			told(back, "is connected to")
			return
		}
	}
	groups := l.groups(servers)
	switch among := func(x link) bool { return slices.Contains(servers, x.from) && slices.Contains(servers, x.to) }; {
	case !slices.ContainsFunc(gone, among) && !slices.ContainsFunc(back, among):
		add("", fmt.Sprintf("%s disabled, %d enabled", text.Count(len(gone), "end"), len(back)))
	case len(groups) == 1:
		add("", "all servers are connected")
	default:
		add("", "the servers are split: "+strings.Join(groups, " | "))
	}
}

// about is the node that all ends have in common, and the others; empty if there is none.
func about(ends links) (node string, others []string) {
	if len(ends) == 0 {
		return "", nil
	}
	for _, node := range []string{ends[0].to, ends[0].from} {
		others = nil
		for _, e := range ends {
			other := e.from
			if e.from == node {
				other = e.to
			} else if e.to != node {
				others = nil
				break
			}
			if other != node && !slices.Contains(others, other) {
				others = append(others, other)
			}
		}
		if len(others) > 0 {
			slices.Sort(others)
			return node, others
		}
	}
	return "", nil
}

// groups are the servers that can call each other in both directions, each group as one text.
func (l links) groups(servers []string) (groups []string) {
	servers = slices.Sorted(slices.Values(servers))
	up := func(a, b string) bool {
		for _, x := range []link{{a, b}, {b, a}} {
			if _, off := slices.BinarySearchFunc(l, x, link.compare); off {
				return false
			}
		}
		return true
	}
	for len(servers) > 0 {
		group := servers[:1:1]
		servers = servers[1:]
		for i := 0; i < len(group); i++ {
			for _, s := range slices.Clone(servers) {
				if up(group[i], s) {
					group = append(group, s)
					servers = slices.DeleteFunc(slices.Clone(servers), func(x string) bool { return x == s })
				}
			}
		}
		slices.Sort(group)
		for i := range group {
			group[i] = strings.TrimPrefix(group[i], "server ")
		}
		groups = append(groups, strings.Join(group, " "))
	}
	return groups
}
