//samerun:allow wallclock: a call of ordinary Go is in no world
//samerun:allow goroutine: a call of ordinary Go is in no world
package labrpc

import "time"

// The life of a call in ordinary Go is what the goroutine of its caller does, from carry
// to its end. Numbers in parentheses are the rules of the package documentation.

// errand is one call on a plainNet. Records are used again.
//
// Invariants: the caller's goroutine alone uses it, but for req, rep and news while the
// handler runs. spent says that the caller went on while news were still to come; then nobody uses
// the record again.
type errand struct {
	net *plainNet
	end *ClientEnd
	req reqMsg
	rep replyMsg
	luck

	// The snapshot of rule 3.
	bound          *binding
	server         *Server // nil: there is nobody
	unreliable     bool
	longReordering bool

	handle func()      // serve, made once for the record
	news   chan news   // has room for one of each kind, so that nobody waits to tell them
	look   *time.Timer // of rule 9: tells that it is time
	spent  bool
}

// news is what a caller waits for. There is one channel for both, because a select is one more
// choice for a seed to make, in each call.
type news int

const (
	answered news = iota // the handler has returned
	timeToLook
)

// begin takes a record. Any goroutine can wait.
func (rn *plainNet) begin(op string, e *ClientEnd, svcMeth string) carriage {
	rn.outside(op)
	x, _ := rn.pool.Get().(*errand)
	if x == nil {
		x = &errand{net: rn, news: make(chan news, 2)}
		x.handle = x.serve
	}
	x.end = e
	x.req.endname, x.req.svcMeth, x.req.argsType = e.endname, svcMeth, nil
	return x
}

func (x *errand) letters() (*reqMsg, *replyMsg) { return &x.req, &x.rep }

// maxKept is how large a buffer may be that is used again, in bytes: what a call carried takes
// no memory once it is over, as in the original.
const maxKept = 4 << 10

// drop gives the record back.
func (x *errand) drop() {
	if x.spent {
		return
	}
	x.end, x.bound, x.server = nil, nil, nil
	for _, buffer := range []*[]byte{&x.req.args, &x.rep.reply} {
		if cap(*buffer) > maxKept {
			*buffer = nil
		}
	}
	x.net.pool.Put(x)
}

// carry does what Call is there for (2 to 13).
func (x *errand) carry() bool {
	patience, ok := x.accept()
	if !ok {
		time.Sleep(patience)
		return false // (2)
	}
	if x.server == nil {
		time.Sleep(patience)
		return false // (5)
	}
	if x.unreliable {
		time.Sleep(x.shortDelay())
		if x.mishap(drawRequestLost, lossPPM) {
			return false // (6)
		}
	}
	if !x.net.way.request(x) {
		return false
	}
	go x.handle() // (8)
	if !x.await() {
		return false // (9, 10)
	}
	if x.unreliable && x.mishap(drawReplyLost, lossPPM) {
		return false // (11)
	}
	if x.longReordering {
		if late := x.reorderDelay(); late > 0 {
			time.Sleep(late) // (12)
		}
	}
	if !x.net.way.reply(x) {
		return false
	}
	x.net.mu.Lock()
	x.net.bytes += int64(len(x.rep.reply)) // (13)
	x.net.mu.Unlock()
	return true
}

// manyInVain is how many calls on a network that is shut make the last of them take a
// millisecond. Labs leave clerks that ask for ever: one that never waits would burn a
// processor, and keep virtual time from moving.
const manyInVain = 100

// accept counts the call and takes the snapshot (3, 4). patience is how long the call takes
// if it reaches nobody. ok is false if the network is shut.
func (x *errand) accept() (patience time.Duration, ok bool) {
	rn, e := x.net, x.end
	rn.mu.Lock()
	defer rn.mu.Unlock()
	if rn.done {
		if rn.vain++; rn.vain%manyInVain == 0 {
			return time.Millisecond, false
		}
		return 0, false
	}
	rn.count++
	rn.bytes += int64(len(x.req.args))
	stub := e.stub(x.req.svcMeth)
	stub.calls++
	x.luck = luckOf(rn.seed, stub.id.With(stub.calls), 0)
	x.unreliable, x.longReordering = rn.unreliable, rn.longReordering
	x.bound, x.server = e.bound, nil
	if e.reachable() {
		x.server = x.bound.server
		return 0, true
	}
	return x.failDelay(rn.longDelays), true
}

// serve is the goroutine of the handler.
func (x *errand) serve() {
	x.server.count.Add(1)
	x.rep.ok = x.server.dispatch(x.net.Network, &x.req, &x.rep)
	x.news <- answered
}

// await waits for the handler, looks every 100 ms whether its server still lives (9), and once
// more when it has returned (10). It says whether there is a reply that counts.
func (x *errand) await() bool {
	if x.look == nil {
		x.look = time.AfterFunc(lookEvery, func() { x.news <- timeToLook })
	} else {
		x.look.Reset(lookEvery)
	}
	for <-x.news == timeToLook {
		if x.dead() {
			x.spent = true
			return false
		}
		x.look.Reset(lookEvery)
	}
	x.spent = !x.look.Stop()
	return x.rep.ok && !x.dead()
}

// dead is what a look finds out: the end is disabled, or its server is not the
// one under that name any more.
func (x *errand) dead() bool {
	x.net.mu.Lock()
	defer x.net.mu.Unlock()
	return !x.end.enabled || x.end.deleted || x.bound.server != x.server
}
