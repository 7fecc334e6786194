package labrpc

import "testing"

// benchPlain runs the loop of a benchmark in ordinary Go, in real time.
func benchPlain(b *testing.B, loop func(rn *Network, end *ClientEnd)) {
	b.ReportAllocs()
	rn := MakeNetwork()
	end := rn.MakeEnd("client")
	srv := MakeServer()
	srv.AddService(MakeService(&Bench{}))
	rn.AddServer("server", srv)
	rn.Connect("client", "server")
	rn.Enable("client", true)
	loop(rn, end)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rn.GetTotalCount()), "ns/call")
}

// A call of Raft's kind in ordinary Go. Compare with MITCall, in the same process.
func BenchmarkPlainCall(b *testing.B) {
	benchPlain(b, func(rn *Network, end *ClientEnd) {
		args := newBenchArgs()
		for b.Loop() {
			var reply benchReply
			if !end.Call("Bench.Append", args, &reply) {
				b.Fatal("call failed")
			}
		}
	})
}

// The call of the course's own benchmark in ordinary Go. Compare with MITSmall.
func BenchmarkPlainSmall(b *testing.B) {
	benchPlain(b, func(rn *Network, end *ClientEnd) {
		for b.Loop() {
			var reply string
			if !end.Call("Bench.Name", 111, &reply) || reply == "" {
				b.Fatal("call failed")
			}
		}
	})
}
