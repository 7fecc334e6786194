// Package kv is a linearizable key-value store on top of package raft: Get, Put and
// Append, on as many servers as you like, of which a minority may be lost.
//
//	c := kv.NewCluster(w, 3)             // nodes n0 to n2
//	w.Node("client0").Start(func() {
//		ck := kv.NewClerk(w, c)
//		ck.Put("x", "1")
//		ck.Append("x", "2")
//		fmt.Println(ck.Get("x"))         // 12
//	})
//
// # Reading order
//
//   - rpc.go: what is asked and answered;
//   - clerk.go: the client, which tries one server after the other until it knows;
//   - server.go: a request's way into the log, and the answer's way back;
//   - store.go: the replicated state, in which sessions make retries harmless;
//   - scenario.go and bugs.go: how bugs are found, and bugs to find.
//
// # Linearizability
//
// Each operation seems to happen at one moment between its call and its return. The
// tests record what every client asked and heard, under faults, and have the checker
// porcupine look for an order of the operations that explains all the answers. An
// operation whose client heard nothing may have happened at any time after its call,
// or never.
//
// Three things together give it. All operations, reads too, go through the log, so
// that they have one order. A server answers only what it has applied. And a command
// that comes twice, because its client heard nothing and asked again, is executed
// once: the sessions that tell are part of the replicated state and of its snapshots.
package kv
