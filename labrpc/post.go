//samerun:allow wallclock: a message of ordinary Go is in no world
//samerun:allow goroutine: a message of ordinary Go is in no world
package labrpc

import (
	"encoding/binary"
	"fmt"
	"log"
	"net"
	"sync"
	"time"
)

// Under samerun test -faults the messages of a network of ordinary Go are datagrams between
// sockets of the test's own network, which obeys the faults. One socket stands for all
// clients, and one for each name of a server: there the listeners are, in the order of
// AddServer, that a schedule names. A datagram has the size of its message; what it
// carries stays in memory, because both sides are in one process.

// passage is how messages get from one side to the other, beside what the rules say.
type passage interface {
	// open is told of a server's name, when a server first stands under it.
	open(b *binding)
	// request takes the request of a call to its server, and reply the reply back. They say whether it
	// has arrived; if not, they return when the caller takes it for lost.
	request(x *errand) bool
	reply(x *errand) bool
}

// direct is a passage on which messages are there as soon as they are sent.
type direct struct{}

func (direct) open(*binding)        {}
func (direct) request(*errand) bool { return true }
func (direct) reply(*errand) bool   { return true }

// post is a passage over sockets.
//
// Invariants: mu guards all but net and socket. parcels has those of the last maxParcels messages whose arrival means anything.
type post struct {
	net     *plainNet
	socket  func() (net.PacketConn, error)
	mu      sync.Mutex
	clients net.PacketConn
	servers map[*binding]net.PacketConn
	parcels map[uint64]*parcel
	sent    uint64 // messages so far
}

const (
	maxParcels = 1 << 8
	// A larger message is forgotten, in bytes, once it has arrived or was given up: tests of the labs
	// measure the memory in use. A second copy of it has no effect.
	maxCopied = 8 << 10
	// silence is how long a caller waits for a message to arrive before the delay of rule 5.
	silence = time.Second
	// A datagram has its number and what the message is, and is as long as the message as far as UDP allows.
	minDatagram, maxDatagram = 8, 60_000
)

// parcel is a message on its way.
type parcel struct {
	title string        // how the datagram begins, behind the number
	came  chan struct{} // has room for the first arrival; nil if nobody waits any more
	times int           // it has arrived; 1 if it was given up, too
	again func()        // for each arrival behind the first; nil: nothing
}

func newPost(rn *plainNet, socket func() (net.PacketConn, error)) *post {
	return &post{net: rn, socket: socket, servers: map[*binding]net.PacketConn{}, parcels: map[uint64]*parcel{}}
}

// aSocket opens a socket of this machine.
func aSocket() (net.PacketConn, error) { return net.ListenPacket("udp", "127.0.0.1:0") }

// listen opens a socket and takes what comes.
func (p *post) listen() net.PacketConn {
	conn, err := p.socket()
	if err != nil {
		log.Fatalf("labrpc: no socket for the messages, which -faults is to befall: %v", err)
	}
	go func() {
		buf := make([]byte, maxDatagram)
		for {
			n, _, err := conn.ReadFrom(buf)
			if err != nil {
				return // the socket has gone, and all with it
			}
			p.arrive(buf[:n])
		}
	}()
	return conn
}

func (p *post) open(b *binding) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.servers[b] == nil {
		p.servers[b] = p.listen()
	}
}

// arrive is told of a datagram. What was changed on the way is none: a checksum finds that.
func (p *post) arrive(datagram []byte) {
	if len(datagram) < minDatagram {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	// The number ends in a check of its own.
	number := binary.LittleEndian.Uint64(datagram)
	to := p.parcels[number>>16]
	switch {
	case to == nil || checked(number>>16) != number || !to.isWhole(datagram[minDatagram:]):
	case to.times == 0:
		to.times++
		to.came <- struct{}{}
	case to.again != nil:
		to.times++
		go to.again()
	}
}

// isWhole reports whether what stands behind the number is as it was sent.
func (m *parcel) isWhole(rest []byte) bool {
	n := min(len(m.title), len(rest))
	if string(rest[:n]) != m.title[:n] {
		return false
	}
	for _, x := range rest[n:] {
		if x != 0 {
			return false
		}
	}
	return true
}

// title is what the datagram of a message says of it, as far as it has room: stories show that
// (internal/sniff).
func (x *errand) title(reply bool) string {
	kind := "\x01q"
	if reply {
		kind = "\x01r"
	}
	return kind + x.req.svcMeth + "\x00" + fmt.Sprint(x.bound.name) + "\x00"
}

// checked returns the number of a message with a check behind it.
func checked(n uint64) uint64 { return n<<16 | (n*0x9e3779b97f4a7c15)>>48 }

// carry sends a message of so many bytes, and waits for it.
func (p *post) carry(from, to net.PacketConn, size int, title string, x *errand, again func()) bool {
	arrived := make(chan struct{}, 1)
	m := &parcel{title: title, came: arrived, again: again}
	p.mu.Lock()
	p.sent++
	number := p.sent
	p.parcels[number] = m
	delete(p.parcels, number-maxParcels)
	p.mu.Unlock()
	datagram := make([]byte, min(max(size, minDatagram), maxDatagram))
	binary.LittleEndian.PutUint64(datagram, checked(number))
	copy(datagram[minDatagram:], title)
	if _, err := from.WriteTo(datagram, to.LocalAddr()); err != nil {
		log.Printf("labrpc: a message cannot be sent: %v", err)
	}
	// The original tells the caller in the end, and Call has no time-out of its own. So a message
	// that does not come is to the caller as a server that cannot be reached.
	patience := time.NewTimer(silence + x.patience())
	defer patience.Stop()
	select {
	case <-arrived:
	case <-patience.C:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	came := m.times > 0 // if only at this very moment
	m.times = max(m.times, 1)
	m.came = nil
	if m.again == nil || size > maxCopied {
		delete(p.parcels, number)
	}
	return came
}

// patience is what rule 5 says now.
func (x *errand) patience() time.Duration {
	x.net.mu.Lock()
	defer x.net.mu.Unlock()
	return x.failDelay(x.net.longDelays)
}

// request takes the request to the server. One that comes twice, or when its caller has given it up, is
// executed all the same, and nobody hears of the answer.
func (p *post) request(x *errand) bool {
	req, server := x.req, x.server
	req.args = append([]byte(nil), x.req.args...)
	clients, there := p.sockets(x.bound)
	return p.carry(clients, there, len(req.args), x.title(false), x, func() {
		server.count.Add(1)
		server.dispatch(p.net.Network, &req, nil)
	})
}

func (p *post) reply(x *errand) bool {
	clients, there := p.sockets(x.bound)
	return p.carry(there, clients, len(x.rep.reply), x.title(true), x, nil)
}

// sockets returns both sides of a call. That of the clients is opened for the first one, so that the
// servers of before that are the first listeners.
func (p *post) sockets(b *binding) (clients, server net.PacketConn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.clients == nil {
		p.clients = p.listen()
	}
	return p.clients, p.servers[b]
}
