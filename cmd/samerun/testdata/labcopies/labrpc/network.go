// Package labrpc has the API of the course's library, as it was from 2020 to 2025: requests go over one
// channel to the network, which starts a goroutine for each. The code is samerun's own.
package labrpc

import (
	"bytes"
	"log"
	"math/rand"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"course.example/labgob"
)

const (
	SHORTDELAY = 27
	LONGDELAY  = 7000
)

type reqMsg struct {
	endname  interface{}
	svcMeth  string
	argsType reflect.Type
	args     []byte
	replyCh  chan replyMsg
}

type replyMsg struct {
	ok    bool
	reply []byte
}

type ClientEnd struct {
	endname interface{}
	ch      chan reqMsg
	done    chan struct{}
}

func (e *ClientEnd) Call(svcMeth string, args interface{}, reply interface{}) bool {
	req := reqMsg{endname: e.endname, svcMeth: svcMeth, argsType: reflect.TypeOf(args), replyCh: make(chan replyMsg)}
	out := new(bytes.Buffer)
	if err := labgob.NewEncoder(out).Encode(args); err != nil {
		panic(err)
	}
	req.args = out.Bytes()

	select {
	case e.ch <- req:
	case <-e.done:
		return false // the network is no more
	}

	got := <-req.replyCh
	if !got.ok {
		return false
	}
	if err := labgob.NewDecoder(bytes.NewBuffer(got.reply)).Decode(reply); err != nil {
		log.Fatalf("labrpc: the reply of %v: %v", svcMeth, err)
	}
	return true
}

type Network struct {
	mu             sync.Mutex
	reliable       bool
	longDelays     bool
	longReordering bool
	ends           map[interface{}]*ClientEnd
	enabled        map[interface{}]bool
	servers        map[interface{}]*Server
	connections    map[interface{}]interface{}
	endCh          chan reqMsg
	done           chan struct{}
	count          int32
	bytes          int64
}

func MakeNetwork() *Network {
	rn := &Network{
		reliable: true,
		ends:     map[interface{}]*ClientEnd{}, enabled: map[interface{}]bool{},
		servers: map[interface{}]*Server{}, connections: map[interface{}]interface{}{},
		endCh: make(chan reqMsg), done: make(chan struct{}),
	}
	go func() {
		for {
			select {
			case req := <-rn.endCh:
				atomic.AddInt32(&rn.count, 1)
				atomic.AddInt64(&rn.bytes, int64(len(req.args)))
				go rn.processReq(req)
			case <-rn.done:
				return
			}
		}
	}()
	return rn
}

func (rn *Network) Cleanup() { close(rn.done) }

func (rn *Network) Reliable(yes bool)       { rn.set(&rn.reliable, yes) }
func (rn *Network) LongReordering(yes bool) { rn.set(&rn.longReordering, yes) }
func (rn *Network) LongDelays(yes bool)     { rn.set(&rn.longDelays, yes) }

func (rn *Network) set(what *bool, yes bool) {
	rn.mu.Lock()
	defer rn.mu.Unlock()
	*what = yes
}

func (rn *Network) look(endname interface{}) (server *Server, reliable, longReordering bool) {
	rn.mu.Lock()
	defer rn.mu.Unlock()
	if rn.enabled[endname] && rn.connections[endname] != nil {
		server = rn.servers[rn.connections[endname]]
	}
	return server, rn.reliable, rn.longReordering
}

func (rn *Network) isDead(endname interface{}, server *Server) bool {
	now, _, _ := rn.look(endname)
	return now != server
}

func (rn *Network) processReq(req reqMsg) {
	server, reliable, longReordering := rn.look(req.endname)
	if server == nil {
		most := 100
		if rn.longDelays {
			most = LONGDELAY
		}
		time.AfterFunc(time.Duration(rand.Intn(most))*time.Millisecond, func() { req.replyCh <- replyMsg{} })
		return
	}
	if !reliable {
		time.Sleep(time.Duration(rand.Intn(SHORTDELAY)) * time.Millisecond)
		if rand.Intn(1000) < 100 {
			req.replyCh <- replyMsg{}
			return
		}
	}
	answer := make(chan replyMsg, 1)
	go func() { answer <- server.dispatch(req) }()
	var reply replyMsg
	for waits := true; waits; {
		select {
		case reply = <-answer:
			waits = false
		case <-time.After(100 * time.Millisecond):
			if rn.isDead(req.endname, server) {
				req.replyCh <- replyMsg{}
				return
			}
		}
	}
	switch {
	case !reply.ok || rn.isDead(req.endname, server):
		req.replyCh <- replyMsg{}
	case !reliable && rand.Intn(1000) < 100:
		req.replyCh <- replyMsg{}
	case longReordering && rand.Intn(900) < 600:
		ms := 200 + rand.Intn(1+rand.Intn(2000))
		time.AfterFunc(time.Duration(ms)*time.Millisecond, func() {
			atomic.AddInt64(&rn.bytes, int64(len(reply.reply)))
			req.replyCh <- reply
		})
	default:
		atomic.AddInt64(&rn.bytes, int64(len(reply.reply)))
		req.replyCh <- reply
	}
}

func (rn *Network) MakeEnd(endname interface{}) *ClientEnd {
	rn.mu.Lock()
	defer rn.mu.Unlock()
	if _, is := rn.ends[endname]; is {
		log.Fatalf("labrpc: two ends are named %v", endname)
	}
	e := &ClientEnd{endname: endname, ch: rn.endCh, done: rn.done}
	rn.ends[endname], rn.enabled[endname], rn.connections[endname] = e, false, nil
	return e
}

func (rn *Network) AddServer(servername interface{}, rs *Server) {
	rn.mu.Lock()
	defer rn.mu.Unlock()
	rn.servers[servername] = rs
}

func (rn *Network) DeleteServer(servername interface{}) {
	rn.mu.Lock()
	defer rn.mu.Unlock()
	rn.servers[servername] = nil
}

func (rn *Network) Connect(endname interface{}, servername interface{}) {
	rn.mu.Lock()
	defer rn.mu.Unlock()
	rn.connections[endname] = servername
}

func (rn *Network) Enable(endname interface{}, enabled bool) {
	rn.mu.Lock()
	defer rn.mu.Unlock()
	rn.enabled[endname] = enabled
}

func (rn *Network) GetTotalCount() int { return int(atomic.LoadInt32(&rn.count)) }
