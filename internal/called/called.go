// Package called makes messages, rows of a story and sentences of the calls that a copy of the
// course's labrpc has carried, as package runtime has noted them
// (internal/overlay/leaf/callbook): which method, from whom to whom, with what, and what became of
// it.
package called

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"samerun/internal/gobtext"
	"samerun/internal/overlay/leaf/callbook"
	"samerun/internal/text"
)

// Fate is what became of a message.
type Fate string

// The fates. Of a message that has arrived, Fate is Arrives; of others it says why they have not. A
// server is gone if it was cut off from the caller, deleted or replaced after the call was made.
const (
	Arrives     Fate = ""
	OnItsWay    Fate = "is on its way"
	Lost        Fate = "is lost"
	Disabled    Fate = "finds its end disabled"
	Unconnected Fate = "finds its end not connected"
	NoServer    Fate = "finds no server of that name"
	GivenUp     Fate = "is not waited for: the server is gone"
	ThrownAway  Fate = "is thrown away: the server is gone"
	NoReply     Fate = "got no reply"
)

// Message is a request, a reply, or, if nothing is known of these, a call.
type Message struct {
	From, To string
	Method   string
	Nth      uint64 // how manieth call of the method
	Reply    bool
	Sent     time.Duration
	At       time.Duration // when it arrived, or when it was known that it does not
	Fate     Fate
	Args     string // what it holds
	Size     int
	Behind   uint64 // of a reply: the call of the same method, between the same, that was made later and whose reply arrived earlier; 0 for none
	call     uint64 // its number
}

// Late says that a message took longer than labrpc's own network takes when nothing is wrong.
func (m *Message) Late() bool { return m.Fate == Arrives && m.At-m.Sent >= late }

// late is above the 26 ms that an unreliable network takes for each message.
const late = 50 * time.Millisecond

// Calls is what is known of a test.
type Calls struct {
	Messages []Message // in the order of time
	Changes  []Change
	Lanes    []string // who took part: servers, then clients
	Left     int      // how many calls were made before those
	page     callbook.BookPage
}

// Change is something that the test did to the network.
type Change struct {
	At   time.Duration
	Node string // which lane it is about; empty for several
	Text string

	calls uint64 // how many there were before
}

// Read reads what the process of a test has said, up to a moment of it. ok is false if it said nothing
// that can be understood.
func Read(nums []int64, texts []string, until time.Duration) (c *Calls, ok bool) {
	texts = slices.Clone(texts)
	for i, s := range texts {
		b, err := hex.DecodeString(s)
		if err != nil {
			return nil, false
		}
		texts[i] = string(b)
	}
	page, ok := callbook.BookPageOf(nums, texts)
	if !ok {
		return nil, false
	}
	c = &Calls{page: page, Left: int(page.Left)}
	names := c.name()
	for i := range page.Calls {
		c.add(i, names, until)
	}
	slices.SortStableFunc(c.Messages, func(a, b Message) int { return cmp.Compare(a.At, b.At) })
	c.overtaken()
	c.change(names, until)
	return c, true
}

// names says which lane a server is, and a batch of ends.
type names struct{ servers, batches []string }

// name gives servers the names that the test gave them, and numbers clients in the order in which their
// ends were made.
func (c *Calls) name() names {
	p := &c.page
	n := names{make([]string, len(p.Servers)), make([]string, len(p.Owners))}
	type server struct {
		net, number int
		label       string
	}
	var all []server
	for i, key := range p.Servers {
		s := server{net: p.Nets[i], label: text.Line(strings.TrimLeft(key, "\x00"))}
		if key != "" {
			s.label = text.Line(key[1:])
		}
		if strings.HasPrefix(key, "i") {
			s.number, _ = strconv.Atoi(s.label)
			s.label = "server " + s.label
		}
		if s.net > 1 {
			s.label += fmt.Sprintf(" of net %d", s.net)
		}
		n.servers[i] = s.label
		all = append(all, s)
	}
	slices.SortStableFunc(all, func(a, b server) int {
		return cmp.Or(cmp.Compare(a.net, b.net), cmp.Compare(a.number, b.number), cmp.Compare(a.label, b.label))
	})
	for _, s := range all {
		c.Lanes = append(c.Lanes, s.label)
	}
	used := make([]bool, len(p.Owners))
	for i := range p.Calls {
		if b := p.Calls[i].Batch; b > 0 {
			used[b-1] = true
		}
	}
	clients := 0
	for i, owner := range p.Owners {
		if owner > 0 {
			n.batches[i] = n.servers[owner-1]
			continue
		}
		clients++
		n.batches[i] = fmt.Sprintf("client %d", clients)
		if used[i] {
			c.Lanes = append(c.Lanes, n.batches[i])
		}
	}
	return n
}

// add adds the messages of a call.
func (c *Calls) add(i int, n names, until time.Duration) {
	x := &c.page.Calls[i]
	request := Message{Method: text.Line(c.page.Methods[x.Method].Name), Nth: x.Nth, Sent: time.Duration(x.Sent), Size: x.Size, Args: gobtext.Of([]byte(x.Args), x.Size > len(x.Args)), call: c.page.Left + uint64(i) + 1}
	if x.Batch > 0 {
		request.From = n.batches[x.Batch-1]
	}
	if x.Server > 0 {
		request.To = n.servers[x.Server-1]
	}
	if request.Sent > until {
		return
	}
	has := func(at int64) bool { return at != callbook.Never && time.Duration(at) <= until }
	returned := has(x.Returned)
	reply := request
	reply.From, reply.To, reply.Reply = request.To, request.From, true
	reply.Sent, reply.At, reply.Size, reply.Args = time.Duration(x.Answered), time.Duration(x.Returned), x.Back, gobtext.Of([]byte(x.Reply), x.Back > len(x.Reply))
	request.At = request.Sent
	switch {
	case x.Reach == callbook.BookEndDisabled:
		request.Fate = Disabled
	case x.Reach == callbook.BookNotConnected:
		request.Fate = Unconnected
	case x.Reach == callbook.BookNoServer:
		request.Fate = NoServer
	case has(x.Handled):
		request.At = time.Duration(x.Handled)
	case !returned:
		request.Fate = OnItsWay
	case x.OK: // nothing is known but that
		reply.Sent = request.Sent
		c.Messages = append(c.Messages, request, reply)
		return
	case x.Size == 0:
		request.Fate, request.At = NoReply, time.Duration(x.Returned)
	default:
		request.Fate, request.At = Lost, time.Duration(x.Returned)
	}
	c.Messages = append(c.Messages, request)
	switch {
	case request.Fate != Arrives:
	case has(x.Answered):
		switch {
		case !returned:
			reply.Fate, reply.At = OnItsWay, reply.Sent
		case !x.OK && x.Gone:
			reply.Fate = ThrownAway
		case !x.OK:
			reply.Fate = Lost
		}
		c.Messages = append(c.Messages, reply)
	case returned && !x.OK:
		reply.Sent, reply.Fate, reply.Args = reply.At, GivenUp, ""
		c.Messages = append(c.Messages, reply)
	}
}

// overtaken says of late replies which one has come before them.
func (c *Calls) overtaken() {
	type way struct{ from, to, method string }
	newest := make(map[way]uint64)
	for i := range c.Messages {
		m := &c.Messages[i]
		if !m.Reply || m.Fate != Arrives {
			continue
		}
		w := way{m.From, m.To, m.Method}
		if before := newest[w]; before > m.Nth {
			m.Behind = before
		} else {
			newest[w] = m.Nth
		}
	}
}

// Silence says what else was called, or that nothing was, towards the end of a test: a
// sentence, or empty if there is nothing to say.
func (c *Calls) Silence(end time.Duration) string {
	const (
		much = time.Second
		many = 20 // so many calls are not only what the test itself asks for
	)
	var last, second *callbook.BookMethod
	for i := range c.page.Methods {
		switch m := &c.page.Methods[i]; {
		case last == nil || m.Last > last.Last:
			last, second = m, last
		case second == nil || m.Last > second.Last:
			second = m
		}
	}
	if last == nil {
		return ""
	}
	round := func(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }
	if quiet := end - time.Duration(last.Last); quiet >= much {
		return fmt.Sprintf("no call at all in the last %s", round(quiet))
	}
	if second == nil {
		if end < much || last.Calls < many {
			return ""
		}
		return fmt.Sprintf("nothing but %s in all %s", text.Line(last.Name), round(end))
	}
	if quiet := end - time.Duration(second.Last); quiet >= much {
		return fmt.Sprintf("nothing but %s in the last %s; before that, %s", text.Line(last.Name), round(quiet), text.Line(second.Name))
	}
	return ""
}
