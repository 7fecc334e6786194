package picture

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// label gives each lock and channel that somebody waits for a name: that of the variable or
// field, if all who use it call it so, or else the field in which all their names end. A thing
// that has none, or one that something else is called by as well, gets a letter.
func (p *Picture) label() {
	var things []uintptr
	names := make(map[uintptr][]string)
	called := func(thing uintptr, name string) {
		if !slices.Contains(things, thing) {
			things = append(things, thing)
		}
		if name != "" && !slices.Contains(names[thing], name) {
			names[thing] = append(names[thing], name)
		}
	}
	kind := make(map[uintptr]string)
	for i := range p.All {
		g := &p.All[i]
		switch g.Kind {
		case OnLock, OnRead, OnWrite:
			kind[g.Thing] = "lock"
			called(g.Thing, p.word(g.Stack, lockWords))
			if k := p.known(g.Thing); k != nil {
				for _, h := range append([]Holder{k.Writer}, k.Readers...) {
					called(g.Thing, p.word(h.At, lockWords))
				}
			}
		case OnSend, OnReceive, OnSelect:
			for _, c := range g.Cases {
				kind[c.Channel] = "channel"
				called(c.Channel, p.channelWord(g, &c))
			}
		}
	}
	for _, thing := range things {
		name, end := sameEnd(names[thing])
		clash := func(other string) bool { return other == name || end && field(other) == name }
		for _, other := range things {
			if other != thing && kind[other] == kind[thing] && slices.ContainsFunc(names[other], clash) {
				name = ""
				break
			}
		}
		p.labels[thing] = kind[thing] + " " + name
	}
}

// sameEnd is the one name that there is, or the field in which all end, or nothing.
func sameEnd(names []string) (name string, end bool) {
	for i, n := range names {
		switch {
		case i == 0:
			name = n
		case field(name) != field(n):
			return "", false
		default:
			name, end = field(n), true
		}
	}
	return name, end
}

// field is what stands behind the last dot of a name: its last selector.
func field(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// channelWord is what the program calls a channel: where it makes it, or else where it waits.
func (p *Picture) channelWord(g *Goroutine, c *Case) string {
	if k := p.known(c.Channel); k != nil {
		if word := p.word(k.Made, makeWords); word != "" {
			return word
		}
	}
	if g.Kind == OnSelect {
		return channelWords(p.selectWords(g)[c.Index])
	}
	return p.word(g.Stack, channelWords)
}

// labelled is the name of a lock or channel. Those without a name of their own get letters
// in the order in which they are first told of.
func (p *Picture) labelled(thing uintptr) string {
	label := p.labels[thing]
	if strings.HasSuffix(label, " ") {
		label += letter(p.n)
		p.n++
		p.labels[thing] = label
	}
	return label
}

// letter is A to Z, then A1 and so on.
func letter(i int) string {
	name := string(rune('A' + i%26))
	if i >= 26 {
		name += fmt.Sprint(i / 26)
	}
	return name
}

func (p *Picture) known(thing uintptr) *Known {
	if p.Known == nil || thing == 0 {
		return nil
	}
	return p.Known(thing)
}

// waits says what a goroutine waits for.
func (p *Picture) waits(g *Goroutine) string {
	call := g.call()
	switch {
	case call == "testing.(*T).Run":
		return "waits for its subtest"
	case g.Kind == OnReceive && len(g.Cases) == 1 && g.Cases[0].Timer && call == "":
		return "waits for a timer"
	case g.For != "":
		return "waits for " + g.For
	case g.Kind == OnSpin:
		return "looks again and again at what others are to change"
	case call != "" && g.Kind > InCall:
		return "waits in " + call + p.libraryWait(g)
	}
	switch g.Kind {
	case IsReady:
		return "could go on, and has not had its turn yet"
	case IsRunning:
		return "has the turn"
	case InCall:
		return "is in a system call"
	case OnSleep:
		return "sleeps until " + (time.Duration(g.Until)).String()
	case OnSend, OnReceive:
		if len(g.Cases) == 0 {
			break
		}
		c := &g.Cases[0]
		if c.Sends {
			return "waits to send to " + p.channel(c)
		}
		return "waits to receive from " + p.channel(c)
	case OnSelect:
		return "waits in a select"
	case OnNil:
		return "waits at a channel that is nil, which is for ever"
	case OnNone:
		return "waits in a select without cases, which is for ever"
	case OnLock, OnRead, OnWrite:
		return "waits " + p.lock(g)
	case OnCond:
		return "waits for a condition to be signalled"
	case OnGroup:
		return fmt.Sprintf("waits for a wait group, whose count is %d", g.Count)
	case OnInput:
		return "waits for input or output outside of the test"
	}
	return "waits"
}

// libraryWait says how it waits in the standard library, where that tells something.
func (p *Picture) libraryWait(g *Goroutine) string {
	switch g.Kind {
	case OnSleep:
		return " until " + time.Duration(g.Until).String()
	case OnLock, OnRead, OnWrite:
		if k := p.known(g.Thing); k != nil && k.Writer.Born != 0 {
			return " for a lock that " + p.someone(k.Writer.Born, k.Writer.From) + " holds"
		}
	}
	return ""
}

// channel names a channel.
func (p *Picture) channel(c *Case) string {
	name := p.labelled(c.Channel)
	if c.Cap > 0 {
		name += fmt.Sprintf(" (%d of %d in its buffer)", c.Len, c.Cap)
	}
	return name
}

// lock names the lock that a goroutine waits for, and says who has it.
func (p *Picture) lock(g *Goroutine) string {
	name := p.labelled(g.Thing)
	k := p.known(g.Thing)
	if k == nil {
		k = new(Known)
	}
	switch {
	case g.Kind == OnWrite && len(k.Readers) > 0:
		return "to write under " + name + ", under which " + p.readers(k.Readers)
	case g.Kind == OnWrite:
		return "to write under " + name
	}
	what := "for " + name
	if g.Kind == OnRead {
		what = "to read under " + name
	}
	w := p.find(k.Writer.Born)
	switch {
	case k.Writer.Born == 0:
		return what
	case w == g:
		return what + ", which it holds itself"
	case w != nil && w.Kind == OnWrite && w.Thing == g.Thing:
		return what + ", behind " + p.name(w) + ", which waits to write under it"
	}
	return what + ", which " + p.someone(k.Writer.Born, k.Writer.From) + " holds"
}

// readers says that some goroutines read.
func (p *Picture) readers(all []Holder) string {
	var names []string
	for _, h := range all {
		names = append(names, p.someone(h.Born, h.From))
	}
	n := len(names) - 1
	if n == 0 {
		return names[0] + " reads"
	}
	return strings.Join(names[:n], ", ") + " and " + names[n] + " read"
}

// cases lists those of a select, in the words of the program where it can be read.
func (p *Picture) cases(b *strings.Builder, g *Goroutine) {
	if g.Kind != OnSelect || g.call() != "" {
		return
	}
	words := p.selectWords(g)
	for _, c := range g.Cases {
		what := "receives from "
		if c.Sends {
			what = "sends to "
		}
		if c.Timer {
			what += "a timer"
		} else {
			what += p.channel(&c)
		}
		if w := words[c.Index]; w != "" {
			what += "   " + w
		}
		b.WriteString("  " + what + "\n")
	}
}

// holds reports whether a goroutine has a lock that another one waits for.
func (p *Picture) holds(born uint64) bool {
	for i := range p.All {
		if k := p.lockOf(&p.All[i]); k != nil {
			for _, h := range append([]Holder{k.Writer}, k.Readers...) {
				if h.Born == born {
					return true
				}
			}
		}
	}
	return false
}

// lockOf is what is known of the lock that a goroutine waits for.
func (p *Picture) lockOf(g *Goroutine) *Known {
	if g.Kind != OnLock && g.Kind != OnRead && g.Kind != OnWrite {
		return nil
	}
	return p.known(g.Thing)
}

// held lists the locks that a goroutine has and for which somebody waits.
func (p *Picture) held(b *strings.Builder, g *Goroutine) {
	var done []uintptr
	for i := range p.All {
		w := &p.All[i]
		k := p.lockOf(w)
		if k == nil || slices.Contains(done, w.Thing) {
			continue
		}
		done = append(done, w.Thing)
		if k.Writer.Born == g.Born && !(g.Kind == OnWrite && g.Thing == w.Thing) {
			p.holding(b, "holds ", w.Thing, k.Writer.At)
		}
		for _, h := range k.Readers {
			if h.Born == g.Born {
				p.holding(b, "reads under ", w.Thing, h.At)
			}
		}
	}
}

func (p *Picture) holding(b *strings.Builder, what string, thing uintptr, at []Frame) {
	if p.taken[thing] {
		return
	}
	line := "  it " + what + p.labelled(thing)
	if place := p.place(at); place != "" {
		line += ", taken at " + place + "  " + p.sourceOf(at)
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}

// others tells of the other side of what a goroutine waits for: who has done what could
// end the wait.
func (p *Picture) others(b *strings.Builder, g *Goroutine) {
	tell := func(thing uintptr, label string, want ...uint8) {
		if k := p.known(thing); k != nil && !p.told[thing] {
			p.told[thing] = true
			p.uses(b, g, k, label, want)
		}
	}
	switch {
	case g.call() != "":
	case g.Kind == OnCond:
		if p.known(g.Thing) == nil && p.Known != nil && !p.told[g.Thing] {
			b.WriteString("  nobody has signalled it\n")
		}
		tell(g.Thing, "it", Signals, Broadcasts, SignalsNobody, BroadcastsNobody)
	case g.Kind == OnGroup:
		tell(g.Thing, "it", Adds)
	default:
		for _, c := range g.Cases {
			switch {
			case c.Timer:
			case c.Sends:
				tell(c.Channel, p.labelled(c.Channel), Receives)
				p.had(b, g, &c)
			default:
				tell(c.Channel, p.labelled(c.Channel), Sends, Closes)
				p.had(b, g, &c)
			}
		}
		if k := p.lockOf(g); k != nil && !p.told[g.Thing] {
			for _, h := range append([]Holder{k.Writer}, k.Readers...) {
				if place := p.place(h.At); h.Born != 0 && p.find(h.Born) == nil && place != "" {
					p.told[g.Thing] = true
					fmt.Fprintf(b, "  never given back: taken at %s  %s\n", place, p.sourceOf(h.At))
				}
			}
		}
	}
}

// had names those who have a channel as well, and so could end the wait.
func (p *Picture) had(b *strings.Builder, g *Goroutine, c *Case) {
	const few = 3
	var names []string
	if slices.Contains(p.hadTold, c.Channel) {
		return
	}
	for _, born := range c.Had {
		if w := p.find(born); w != nil && w != g && !w.at(c) {
			names = append(names, p.name(w))
		}
	}
	switch n := len(names); {
	case n == 0:
	case n == 1:
		fmt.Fprintf(b, "  %s has %s, too\n", names[0], p.labelled(c.Channel))
	case n <= few:
		fmt.Fprintf(b, "  %s and %s have %s, too\n", strings.Join(names[:n-1], ", "), names[n-1], p.labelled(c.Channel))
	default:
		fmt.Fprintf(b, "  %s and %d more have %s, too\n", names[0], n-1, p.labelled(c.Channel))
	}
}

// at reports whether a goroutine itself waits at a channel.
func (g *Goroutine) at(c *Case) bool {
	return slices.ContainsFunc(g.Cases, func(d Case) bool { return d.Channel == c.Channel })
}

// uses lists what was done with a thing that g waits for, as far as it is wanted.
func (p *Picture) uses(b *strings.Builder, g *Goroutine, k *Known, label string, want []uint8) {
	// A context makes its channel for the first who waits.
	if place := p.place(k.Made); place != "" && place != p.place(g.Stack) {
		line := fmt.Sprintf("  %s was made at %s  %s", label, place, p.sourceOf(k.Made))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	found := false
	for _, u := range k.Uses {
		if !slices.Contains(want, u.What) {
			continue
		}
		found = true
		line := fmt.Sprintf("  %s %s", p.someone(u.Born, u.From), did(u.What, u.N))
		if place := p.place(u.At); place != "" {
			line += " at " + place
		}
		if src := p.sourceOf(u.At); src != "" {
			line += "  " + src
		}
		b.WriteString(line + "\n")
	}
	if found || len(want) == 0 {
		return
	}
	switch want[0] {
	case Sends:
		fmt.Fprintf(b, "  nobody has sent to %s or closed it\n", label)
	case Receives:
		fmt.Fprintf(b, "  nobody has received from %s\n", label)
	case Signals:
		b.WriteString("  nobody has signalled it\n")
	}
}

// did says what was done, and how often.
func did(what uint8, n int64) string {
	times := ""
	switch {
	case what == Adds && n < 0:
		return fmt.Sprintf("took %d from its count", -n)
	case what == Adds:
		return fmt.Sprintf("added %d to its count", n)
	case n == 2:
		times = " twice"
	case n > 2:
		times = fmt.Sprintf(" %d times, or others did,", n)
	}
	switch what {
	case Sends:
		return "sent to it" + times
	case Receives:
		return "received from it" + times
	case Closes:
		return "closed it" + times
	case Signals:
		return "signalled it" + times
	case SignalsNobody:
		return "signalled it" + times + " while nobody waited"
	case BroadcastsNobody:
		return "broadcast it" + times + " while nobody waited"
	}
	return "broadcast it" + times
}
