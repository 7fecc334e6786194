package labrpc

import (
	"bytes"
	"encoding/gob"
	"testing"
	"time"

	"samerun/sim"
)

type benchArgs struct {
	Term, Leader, Prev int
	Entries            []benchEntry
}

type benchEntry struct {
	Term int
	Cmd  string
}

type benchReply struct {
	Term int
	OK   bool
}

type Bench struct{ n int }

func (b *Bench) Append(args *benchArgs, reply *benchReply) {
	b.n++
	reply.Term, reply.OK = args.Term, true
}

func BenchmarkCall(b *testing.B) {
	b.ReportAllocs()
	r := sim.Run(sim.Config{Seed: 1, MaxSteps: 1 << 40, Stall: time.Hour}, func(w *sim.World) {
		rn := NewNetwork(w)
		end := rn.MakeEnd("client")
		srv := MakeServer()
		srv.AddService(MakeService(&Bench{}))
		rn.AddServer("server", srv)
		rn.Connect("client", "server")
		rn.Enable("client", true)
		args := &benchArgs{Term: 3, Leader: 1, Prev: 17, Entries: []benchEntry{{3, "x"}}}
		var reply benchReply
		for b.Loop() {
			reply = benchReply{}
			if !end.Call("Bench.Append", args, &reply) {
				b.Fatal("call failed")
			}
		}
	})
	if r.Err != nil {
		b.Fatal(r.Err)
	}
}

// What a call costs in the original, by its own model: two fresh gob codecs each
// way, a goroutine for the network's work and one for the handler, and channels
// between them.
func BenchmarkMIT(b *testing.B) {
	type req struct {
		args  []byte
		reply chan []byte
	}
	in := make(chan req)
	done := make(chan struct{})
	srv := &Bench{}
	go func() {
		for {
			select {
			case r := <-in:
				go func() {
					answer := make(chan []byte)
					go func() {
						var args benchArgs
						var reply benchReply
						if err := gob.NewDecoder(bytes.NewReader(r.args)).Decode(&args); err != nil {
							panic(err)
						}
						srv.Append(&args, &reply)
						var buf bytes.Buffer
						if err := gob.NewEncoder(&buf).Encode(&reply); err != nil {
							panic(err)
						}
						answer <- buf.Bytes()
					}()
					select {
					case a := <-answer:
						r.reply <- a
					case <-time.After(100 * time.Millisecond):
						panic("slow")
					}
				}()
			case <-done:
				return
			}
		}
	}()
	args := &benchArgs{Term: 3, Leader: 1, Prev: 17, Entries: []benchEntry{{3, "x"}}}
	var reply benchReply
	b.ReportAllocs()
	for b.Loop() {
		reply = benchReply{}
		var buf bytes.Buffer
		if err := gob.NewEncoder(&buf).Encode(args); err != nil {
			b.Fatal(err)
		}
		r := req{buf.Bytes(), make(chan []byte)}
		in <- r
		if err := gob.NewDecoder(bytes.NewReader(<-r.reply)).Decode(&reply); err != nil {
			b.Fatal(err)
		}
	}
	close(done)
}
