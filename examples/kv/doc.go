// Package kv is a linearizable key-value store on top of package raft. It has Get, Put and
// Append, and runs on any number of servers, of which a minority may be lost.
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
//   - rpc.go: requests and replies.
//   - clerk.go: the client, which tries one server after the other until it knows.
//   - server.go: the way of a request into the log, and the way back of the answer.
//   - store.go: the replicated state, in which sessions make retries harmless.
//   - scenario.go and bugs.go: how bugs are found, and bugs to find.
//
// # Linearizability
//
// Each operation seems to happen at one moment between its call and its return. The tests
// record what every client asked and heard, under faults. The checker porcupine looks for an
// order of the operations that explains all the answers. If a client heard nothing, its
// operation may have happened at any time after the call, or never.
//
// Three things together make the store linearizable:
//
//   - All operations, also reads, go through the log, so they have one order.
//   - A server answers only what it has applied.
//   - A command that comes twice, because its client heard nothing and asked again, is executed
//     once. The sessions that recognise it are part of the replicated state and of its snapshots.
package kv
