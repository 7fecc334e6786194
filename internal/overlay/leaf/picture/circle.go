package picture

import (
	"slices"
	"strings"
)

// only is who alone has a channel that g waits at, or nil. Who waits for a wait group has to
// wait for others first.
func (p *Picture) only(g *Goroutine, c *Case) (w *Goroutine) {
	for _, born := range c.Had {
		other := p.find(born)
		if other == nil || other == g || other.at(c) || other.Kind == OnGroup {
			continue
		}
		if w != nil {
			return nil
		}
		w = other
	}
	return w
}

// blockers are the goroutines of which one must let g go on: they hold the lock that it
// waits for, or are the only one that has the channel.
func (p *Picture) blockers(g *Goroutine) (all []*Goroutine) {
	if (g.Kind == OnSend || g.Kind == OnReceive) && len(g.Cases) == 1 && g.call() == "" {
		if w := p.only(g, &g.Cases[0]); w != nil {
			return []*Goroutine{w}
		}
	}
	k := p.lockOf(g)
	if k == nil {
		return nil
	}
	holders := []Holder{k.Writer}
	if g.Kind == OnWrite {
		holders = k.Readers
	}
	for _, h := range holders {
		if w := p.find(h.Born); w != nil {
			all = append(all, w)
		}
	}
	return all
}

// circles are the goroutines that wait for each other, each of them for the next; no
// goroutine is in two.
func (p *Picture) circles() (all [][]*Goroutine) {
	var seen []*Goroutine
	for i := range p.All {
		if c := p.circleFrom(&p.All[i], nil); c != nil && !slices.ContainsFunc(c, func(g *Goroutine) bool { return slices.Contains(seen, g) }) {
			seen = append(seen, c...)
			all = append(all, c)
		}
	}
	return all
}

// circleFrom returns the circle through the first of a path, if g is at its end.
func (p *Picture) circleFrom(g *Goroutine, path []*Goroutine) []*Goroutine {
	if len(path) > 0 && path[0] == g {
		return path
	}
	if slices.Contains(path, g) {
		return nil
	}
	path = append(path[:len(path):len(path)], g)
	for _, next := range p.blockers(g) {
		if c := p.circleFrom(next, path); c != nil {
			return c
		}
	}
	return nil
}

// circle tells of one, a line for each.
func (p *Picture) circle(b *strings.Builder, all []*Goroutine) {
	if len(all) > 1 {
		b.WriteString("these wait for each other:\n")
	} else {
		b.WriteString("this one waits for itself:\n")
	}
	for i, g := range all {
		before := all[(i+len(all)-1)%len(all)]
		b.WriteString("  " + p.name(g) + p.keeps(g, before) + p.wants(g) + "\n")
	}
}

// keeps says what g has that the one before it in a circle waits for.
func (p *Picture) keeps(g, before *Goroutine) string {
	if p.lockOf(before) == nil {
		for _, c := range before.Cases {
			if p.only(before, &c) == g {
				p.hadTold = append(p.hadTold, c.Channel)
				return " has " + p.labelled(c.Channel) + " and"
			}
		}
	}
	k := p.known(before.Thing)
	if before.Kind == OnWrite {
		for _, h := range k.Readers {
			if h.Born == g.Born {
				return " reads under " + p.labelled(before.Thing) + p.takenAt(before.Thing, h.At) + " and"
			}
		}
	}
	if g.Kind == OnWrite && g.Thing == before.Thing {
		return "" // it comes before those who read next, and says so
	}
	return " holds " + p.labelled(before.Thing) + p.takenAt(before.Thing, k.Writer.At) + " and"
}

func (p *Picture) takenAt(thing uintptr, at []Frame) string {
	place := p.place(at)
	if place == "" {
		return ""
	}
	p.taken[thing] = true
	return ", taken at " + place + ","
}

// wants says what g waits for.
func (p *Picture) wants(g *Goroutine) string {
	at := ""
	if place := p.place(g.Stack); place != "" {
		at = " at " + place
	}
	switch g.Kind {
	case OnWrite:
		return " waits to write under " + p.labelled(g.Thing) + at
	case OnRead:
		behind := ""
		if k := p.known(g.Thing); k != nil && k.Writer.Born != 0 && k.Writer.Born != g.Born {
			behind = ", behind " + p.someone(k.Writer.Born, k.Writer.From)
		}
		return " waits to read under " + p.labelled(g.Thing) + at + behind
	case OnLock:
		return " waits for " + p.labelled(g.Thing) + at
	}
	return " " + p.waits(g) + at
}
