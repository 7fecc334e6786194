// Package callbook notes the calls that a copy of the course's labrpc carries: which ends and
// servers there are, and what becomes of each call. Package runtime gets it from
// internal/overlay/bundle, internal/labcopy adds the lines to the copy that tell it, and
// internal/called makes rows of a story of what it has noted.
//
// A run that is made for a report keeps a CallBook. It decides nothing, and nothing asks it but
// who tells of the run.
package callbook

// How many calls and changes a book keeps, the last ones, and how many bytes of each message.
const (
	BookMost = 4096
	BookHead = 1024
)

// Never is the moment of what has not happened.
const Never = -1

// BookWhat is what the network was told about an end or a server.
type BookWhat uint8

// What it can be told.
const (
	BookMakesEnd BookWhat = iota + 1
	BookConnects
	BookEnables
	BookDisables
	BookAddsServer
	BookDeletesServer
	bookWhats
)

// BookCall is one call. Moments are nanoseconds of the test, Never for what has not happened.
type BookCall struct {
	Method   int    // of the book's methods
	Nth      uint64 // how manieth call of that method in the test
	Batch    int    // of ends, from 1: those of one server, or of one client
	Server   int    // the server to which the end was connected, from 1; 0 for none
	Sent     int64
	Handled  int64 // when the handler began, of the last time
	Answered int64 // and when it returned
	Returned int64
	OK       bool // the caller got a reply
	Reach    BookReach
	Gone     bool // when the caller got none, the end was disabled, or the server was another one
	Size     int  // of the arguments, in bytes
	Back     int  // of the reply
	Args     string
	Reply    string // how they begin
}

// BookReach says whether a call could reach a server when it was made.
type BookReach uint8

// The reaches.
const (
	BookReaches      BookReach = iota
	BookEndDisabled            // the end was disabled
	BookNotConnected           // it was connected to nothing, or nobody had made it
	BookNoServer               // there was no server of that name
	bookReachKinds
)

// BookChange is something that the network was told.
type BookChange struct {
	At     int64
	What   BookWhat
	Batch  int    // of the end; 0 for none
	Server int    // that of the end, or the one that is added or deleted; 0 for none
	Calls  uint64 // how many calls there were before
}

// CallBook is what was noted of one test. The zero value is empty. It has no lock of its own.
//
// Invariants: call number i, from 1, is at (i-1)%BookMost while i > calls-BookMost, and likewise for
// changes.
type CallBook struct {
	ends    bookNames
	servers bookNames
	end     []bookEnd
	server  []bookServer
	batch   []bookBatch
	methods []bookTally

	kept    []BookCall
	calls   uint64
	changed []BookChange
	changes uint64
}

// bookEnd is an end, at the place of its name.
type bookEnd struct {
	net     uintptr
	batch   int
	server  int // from 1
	enabled bool
	was     bool // it was enabled once
}

// bookServer is a server, at the place of its name.
type bookServer struct {
	lives  uint64 // how often it was added
	exists bool
}

// bookBatch is a number of ends that one goroutine has made, no two of them for one server. If that
// goroutine then adds a server, they are its own.
type bookBatch struct {
	maker   uint64
	owner   int  // the server, from 1; 0 if it is none, and a client has them
	leads   bool // one of them is connected
	enabled bool // and was enabled
	closed  bool
}

// bookTally is what is known of all calls of a method.
type bookTally struct {
	name  string
	calls uint64
	last  int64 // when the last one was sent
}

// Clear forgets all: another test begins.
func (b *CallBook) Clear() { *b = CallBook{} }

// Told notes what a network was told about an end or a server, or about both. who is the
// goroutine. A name is text that is the same for the same name only; it is empty for nothing.
func (b *CallBook) Told(what BookWhat, net uintptr, end, server string, who uint64, at int64) {
	e := 0
	if end != "" {
		e = b.endOf(end, net)
		if what != BookMakesEnd && b.end[e].net != 0 {
			net = b.end[e].net
		}
	}
	s := 0
	if server != "" {
		s = b.serverOf(net, server)
	}
	switch what {
	case BookMakesEnd:
		b.end[e] = bookEnd{net: net, batch: b.begin(who)}
		return
	case BookConnects:
		b.connect(e, s, who)
		return
	case BookEnables, BookDisables:
		on := what == BookEnables
		if b.end[e].enabled == on {
			return
		}
		first := !b.end[e].was
		b.end[e].enabled, b.end[e].was = on, true
		if n := b.end[e].batch; on && n != 0 {
			b.batch[n-1].enabled = true
		}
		if first {
			return // that it is of use at all says nothing
		}
		s = b.end[e].server
	case BookAddsServer:
		first := b.server[s-1].lives == 0
		b.server[s-1].lives++
		b.server[s-1].exists = true
		// Who adds a server anew, with the ends that it had, may have made a client before.
		if n := b.openOf(who); n != 0 && b.batch[n-1].leads && (first || !b.batch[n-1].enabled) {
			b.batch[n-1].owner, b.batch[n-1].closed = s, true
		}
		if first {
			return
		}
	case BookDeletesServer:
		b.server[s-1].exists = false
	}
	c := BookChange{At: at, What: what, Server: s, Calls: b.calls}
	if end != "" {
		c.Batch = b.end[e].batch
	}
	if len(b.changed) < BookMost {
		b.changed = append(b.changed, c)
	} else {
		b.changed[b.changes%BookMost] = c
	}
	b.changes++
}

// endOf is the place of an end.
func (b *CallBook) endOf(name string, net uintptr) int {
	i, is := b.ends.place(name)
	if !is {
		b.end = append(b.end, bookEnd{net: net})
	}
	return i
}

// serverOf is the number of a server, from 1. Servers of one name in two networks are two.
func (b *CallBook) serverOf(net uintptr, name string) int {
	i, is := b.servers.place(bookServerName(net, name))
	if !is {
		b.server = append(b.server, bookServer{})
	}
	return i + 1
}

// bookServerName joins a network and a name.
func bookServerName(net uintptr, name string) string {
	var key [8]byte
	for i := range key {
		key[i] = byte(uint64(net) >> (8 * i))
	}
	return string(key[:]) + name
}

// openOf is the batch to which a goroutine would add an end, from 1; 0 for none.
func (b *CallBook) openOf(who uint64) int {
	const most = 64 // so many goroutines at once make ends
	for i := len(b.batch); i > max(0, len(b.batch)-most); i-- {
		if x := &b.batch[i-1]; x.maker == who {
			if x.closed {
				return 0
			}
			return i
		}
	}
	return 0
}

// begin is the batch of a new end.
func (b *CallBook) begin(who uint64) int {
	if n := b.openOf(who); n != 0 {
		return n
	}
	b.batch = append(b.batch, bookBatch{maker: who})
	return len(b.batch)
}

// connect notes where an end leads. A second end to one server is of another batch.
func (b *CallBook) connect(e, s int, who uint64) {
	x := &b.end[e]
	before := x.server
	x.server = s
	if before != 0 || x.batch == 0 || x.batch != b.openOf(who) {
		return
	}
	if b.hasEndTo(s, x) {
		b.batch[x.batch-1].closed = true
		x.batch = b.begin(who)
	}
	b.batch[x.batch-1].leads = true
}

// hasEndTo reports whether another end of the batch of x leads to a server.
func (b *CallBook) hasEndTo(s int, x *bookEnd) bool {
	for i := range b.end {
		y := &b.end[len(b.end)-1-i]
		if y != x && y.batch == x.batch && y.server == s {
			return true
		}
		if y.batch != 0 && y.batch < x.batch && i > bookFar {
			return false
		}
	}
	return false
}

// bookFar is how many ends back an end of the same batch is looked for at least.
const bookFar = 64

// Calls notes a call by an end, and returns its number.
func (b *CallBook) Calls(end, method string, who uint64, at int64) (number uint64) {
	c := BookCall{Sent: at, Handled: Never, Answered: Never, Returned: Never, Reach: BookNotConnected}
	if i, is := b.ends.find(end); is {
		e := &b.end[i]
		c.Batch, c.Server = e.batch, e.server
		switch {
		case e.server == 0:
		case !e.enabled:
			c.Reach = BookEndDisabled
		case !b.server[e.server-1].exists:
			c.Reach = BookNoServer
		default:
			c.Reach = BookReaches
		}
		if e.batch != 0 {
			x := &b.batch[e.batch-1]
			// Who calls by an end before a server was added has no server to add it for.
			x.closed = x.closed || x.maker == who
		}
	}
	c.Method = b.methodOf(method)
	m := &b.methods[c.Method]
	m.calls++
	m.last = at
	c.Nth = m.calls
	if len(b.kept) < BookMost {
		b.kept = append(b.kept, c)
	} else {
		b.kept[b.calls%BookMost] = c
	}
	b.calls++
	return b.calls
}

// methodOf is the number of a method.
func (b *CallBook) methodOf(name string) int {
	const most = 256
	for i := range b.methods {
		if b.methods[i].name == name || i == most-1 {
			return i
		}
	}
	b.methods = append(b.methods, bookTally{name: name, last: Never})
	return len(b.methods) - 1
}

// call is the call of a number, nil if it is forgotten.
func (b *CallBook) call(number uint64) *BookCall {
	if number == 0 || number > b.calls || b.calls-number >= BookMost {
		return nil
	}
	return &b.kept[(number-1)%BookMost]
}

// Sends notes what a call sends.
func (b *CallBook) Sends(number uint64, args []byte) {
	if c := b.call(number); c != nil {
		c.Size, c.Args = len(args), string(args[:min(len(args), BookHead)])
	}
}

// Handles notes that the handler of a call begins.
func (b *CallBook) Handles(number uint64, at int64) {
	if c := b.call(number); c != nil {
		c.Handled, c.Answered = at, Never
	}
}

// Answers notes that it returns.
func (b *CallBook) Answers(number uint64, reply []byte, at int64) {
	if c := b.call(number); c != nil && c.Handled != Never {
		c.Answered, c.Back, c.Reply = at, len(reply), string(reply[:min(len(reply), BookHead)])
	}
}

// Returns notes that a call by an end returns.
func (b *CallBook) Returns(number uint64, end string, ok bool, at int64) {
	c := b.call(number)
	if c == nil {
		return
	}
	c.Returned, c.OK = at, ok
	if i, is := b.ends.find(end); is && !ok && c.Server != 0 {
		// A server that was added anew meanwhile is not the one that was called.
		c.Gone = !b.end[i].enabled || !b.server[c.Server-1].exists || b.addedSince(c.Server, c.Sent)
	}
}

// addedSince reports whether a server was added after a moment, as far as that is known.
func (b *CallBook) addedSince(server int, at int64) bool {
	for i := b.changes; i > 0 && b.changes-i < uint64(len(b.changed)); i-- {
		c := &b.changed[(i-1)%BookMost]
		if c.At < at {
			return false
		}
		if c.What == BookAddsServer && c.Server == server && c.At > at {
			return true
		}
	}
	return false
}

// IsEmpty reports whether there was no call.
func (b *CallBook) IsEmpty() bool { return b.calls == 0 }
