package main

import "slices"

// book is what the decided slots come to: the lines, in order, each request once.
type book struct {
	lines []Entry
	slots []int              // by slot, from 1: the line that it has appended, 0 for none
	done  map[string]receipt // by client
}

// receipt is what is known of a client's last request in the book.
type receipt struct{ number, line int }

// enter takes the entry of the next slot.
func (b *book) enter(e Entry) {
	line := 0
	if last := b.done[e.Client]; e.Client != "" {
		if line = last.line; !again(e.Number, last) {
			b.lines = append(b.lines, e)
			line = len(b.lines)
			if b.done == nil {
				b.done = make(map[string]receipt)
			}
			b.done[e.Client] = receipt{e.Number, line}
		} else if e.Number < last.number {
			line = 0 // which nobody waits for any more
		}
	}
	b.slots = append(b.slots, line)
}

// line is the number of the line that a request has appended, 0 if it has not.
func (b *book) line(e Entry) int {
	if last := b.done[e.Client]; last.number == e.Number {
		return last.line
	}
	return 0
}

// lineOf is the line of a decided slot, 0 if it has none.
func (b *book) lineOf(slot int) int { return b.slots[slot-1] }

// after returns the lines but the first n.
func (b *book) after(n int) []Entry { return slices.Clone(b.lines[min(n, len(b.lines)):]) }
