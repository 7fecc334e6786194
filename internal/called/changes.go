package called

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"samerun/internal/overlay/leaf/callbook"
	"samerun/internal/text"
)

// change makes sentences of what the network was told, but for how it began. What it was told of several ends at one instant
// is one.
func (c *Calls) change(n names, until time.Duration) {
	list := c.page.Changes
	for i := 0; i < len(list) && time.Duration(list[i].At) <= until; {
		x := &list[i]
		at := time.Duration(x.At)
		switch x.What {
		case callbook.BookAddsServer:
			c.Changes = append(c.Changes, Change{at, n.servers[x.Server-1], "starts again", x.Calls})
			i++
		case callbook.BookDeletesServer:
			c.Changes = append(c.Changes, Change{at, n.servers[x.Server-1], deleted, x.Calls})
			i++
		case callbook.BookEnables, callbook.BookDisables:
			var ends [][2]string
			j := i
			for ; j < len(list) && list[j].At == x.At && list[j].What == x.What; j++ {
				ends = append(ends, endOf(&list[j], n))
			}
			c.Changes = append(c.Changes, about(at, x.What == callbook.BookEnables, ends, x.Calls))
			i = j
		default:
			i++
		}
	}
}

// deleted is said of a server.
const deleted = "is deleted"

// endOf says whose end a change is about, and where it leads.
func endOf(x *callbook.BookChange, n names) (end [2]string) {
	if x.Batch > 0 {
		end[0] = n.batches[x.Batch-1]
	}
	if x.Server > 0 {
		end[1] = n.servers[x.Server-1]
	}
	return end
}

// about says what was done to some ends: if all have one node in common, it is about that.
func about(at time.Duration, on bool, ends [][2]string, calls uint64) Change {
	verb := "is cut off from"
	if on {
		verb = "is connected to"
	}
	for _, side := range []int{1, 0} {
		node := ends[0][side]
		var others []string
		for _, e := range ends {
			other := e[0]
			if e[0] == node {
				other = e[1]
			} else if e[1] != node {
				others = nil
				break
			}
			if other != node && other != "" && !slices.Contains(others, other) {
				others = append(others, other)
			}
		}
		if node != "" && len(others) > 0 {
			return Change{at, node, verb + " " + strings.Join(others, ", "), calls}
		}
	}
	words := "disabled"
	if on {
		words = "enabled"
	}
	verb = "are"
	if len(ends) == 1 {
		verb = "is"
	}
	return Change{At: at, Text: fmt.Sprintf("%s %s %s", text.Count(len(ends), "end"), verb, words), calls: calls}
}
