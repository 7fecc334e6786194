// Package labrpc is the RPC library of the MIT distributed systems course (6.824, 6.5840). It
// has the same API and the same observable behaviour as the original. It works in ordinary
// Go, as the original does, and in the virtual time of a world of package sim, in runs that
// depend on their seed only.
//
// A [Network] knows client ends and servers by name. A [ClientEnd] sends the requests of one
// client. Connect gives it the name of a server, and Enable lets it through. A [Server] is a
// collection of [Service] values. Each of these is an object whose methods are the handlers.
//
// A request message (reqMsg) carries the end, "Service.Method", the type and the encoding of the
// arguments, and where the reply goes. A reply message (replyMsg) carries whether there is
// a reply, and its encoding. In a world both are messages of package sim, so all links,
// faults and traces of the world apply to them.
//
// # A lab without changes
//
// A lab changes its import path and nothing else. Outside a world, [MakeNetwork] makes a
// network of ordinary Go, which any goroutine may use. It takes real time under go test.
// It takes virtual time in a bubble of testing/synctest, and under samerun test, which gives
// the whole lab a seed. The rules below hold, with these differences from a world:
//
//   - A reliable network adds nothing to the time of a call (7).
//   - All nodes are one machine. A server is gone when DeleteServer says so.
//   - Random decisions are drawn from a seed that each network takes from package
//     math/rand/v2 when it is made. It is different each time under go test, and the same
//     for each seed of samerun test. From there on they are keyed as in a world, so that the
//     calls of one end do not affect those of another.
//   - What ends the run in a world stops the process here, with log.Fatal or a panic, as in
//     the original.
//   - With samerun test -faults, the messages are datagrams of the test's network. They go
//     from a listener that stands for all clients to one listener for each server's name,
//     in the order of AddServer. If a message does not arrive, this is noticed after a second,
//     and is then the same as a server that cannot be reached (5). A request that arrives twice
//     is executed twice.
//
// # Moving to a world
//
//   - MakeNetwork in a task of a world makes a network of that world. [NewNetwork](w) is
//     the same for code that has the world at hand.
//   - Use the locks, channels and sleeps of package sched, and sched.Go or World.Go instead
//     of the go statement. Time is the world's.
//   - A server is on the node whose task calls AddServer. A call comes from the node
//     whose task calls Call. A program that never leaves the scenario's own node has one
//     machine, as in the original. On a node of its own, a server can crash with the
//     node: no DeleteServer is needed, and its handlers stop.
//   - Random decisions are keyed by the names of ends. Use "n0 to n2" rather than random strings.
//     Then a change elsewhere in the test does not change the decisions for this end.
//   - At seed 0 noise is neutral: an unreliable network delays requests by 13 ms and loses
//     nothing.
//
// # Rules
//
// The code refers to these rules by number. All random decisions are drawn from the end, the
// method, and how often that end has called it. Where a rule says that the run ends, ordinary Go
// stops the process.
//
//  1. Call encodes the arguments first, each time with a fresh encoder, so that
//     the descriptors of their types count as bytes. Arguments that cannot be
//     encoded end the run.
//  2. After Cleanup a call returns false at once. Calls accepted before go on.
//     A second Cleanup ends the run.
//  3. Every accepted call, even one that will fail, adds 1 to the total count and
//     its encoded length to the total bytes. At this moment, and only then, the
//     network reads whether the end is enabled, which server it has, Reliable and
//     LongReordering. Calls of one end may overtake each other.
//  4. A server is reachable if the end is enabled and connected, and if there is a server
//     under the name. A new end is neither enabled nor connected; a deleted one stays so.
//  5. A call to nowhere returns false after 0 to 99 whole milliseconds, with
//     LongDelays 0 to 6999. Nothing that happens in the meantime helps it, and it does
//     not delay other calls.
//  6. An unreliable network delays a request by 0 to 26 whole milliseconds and then
//     loses a tenth of them: Call returns false, and the server never hears of it.
//  7. A reliable network adds nothing but the latency of a world's links; see below.
//  8. The handler runs as a task or goroutine of its own, on arguments that were decoded afresh
//     and a zero reply. The server's count rises before it begins. Nothing
//     cancels it but a crash of its node.
//  9. Every 100 ms after the handler's start, the network looks whether the end is
//     disabled, or whether the server is no longer the one under its name. If so, Call
//     returns false, and the result is thrown away. The network does not notice that
//     the end was connected to another name.
//  10. The network looks again when the handler returns: what a dead server did is
//     never acknowledged.
//  11. An unreliable network loses a tenth of the replies: Call returns false at
//     once, and the handler has run.
//  12. With LongReordering two thirds of the replies are late by 200 + U[0, M] ms,
//     where M is U[0, 1999], all whole numbers and both ends included; reliable or
//     not. A reply that is on its way arrives even if the server dies.
//  13. A reply adds its encoded length to the total bytes when it arrives.
//  14. Call decodes into the caller's reply, which is untouched if it returns false.
//     A reply that cannot be decoded into it ends the run.
//  15. Call has no time-out: it waits for as long as its handler runs on a live
//     server.
//  16. GetCount counts the requests that one Server object was given; a new one
//     begins at 0. GetTotalCount counts accepted calls, failed ones too.
//  17. Connect, Enable, AddServer, DeleteServer and the setters act on later calls,
//     and on the looks of rules 9 and 10. Making an end under a name that is in
//     use ends the run.
//  18. A method is a handler if it is exported, has two parameters, the second a
//     pointer, and no results. The first may be a value or a pointer, and Call
//     must be given exactly its type. A service has the bare name of its type;
//     "Service.Method" is split at its last dot. An unknown one ends the run with
//     a list of those there are.
//  19. Package labgob warns of fields that do not begin with a capital letter, and of
//     replies that are not zero when they are decoded into: gob sends no zeros, so
//     that a reply used twice keeps what the first call left in it. It does so here.
//
// # Differences from the original
//
// In the original, a reliable call takes very little time, but some. In a world, taking no time at
// all would be a trap: a client that calls in a loop would keep the clock from ever
// moving. So every message takes the latency of its link. This is 0.2 to 0.8 ms, unless
// sim.Config.Link, World.SetLinks or Link.Set say otherwise. It is far below the 27 ms of rule 6, and
// is added to them.
//
// Where the original stops the process, a run in a world ends with an error. The error names the
// seed, the virtual time, what was wrong and what would be right.
//
// Links of a world can do more than the rules say:
//
//   - A request or a reply may be lost by a link, or dropped because the link is cut or the
//     node is down. Nobody answers then, and Call has no time-out. So the call fails as a
//     call to nowhere does, after the delay of rule 5, counted from when the message was dropped.
//   - A request that a link delivers twice is executed and counted twice. The caller gets
//     the answer of the execution that began first.
//   - A clogged link holds the message, and the call, until it is released. The network
//     goes on looking (9) once the handler has started.
//   - A request is dropped if the node of its server has restarted while it was in flight.
//   - A paused node does nothing, and the network goes on looking.
//   - When a node crashes, its servers are gone, and the network notices this when it looks. Callers
//     on the node never return.
//
// # Hooks
//
// The course of 2026 runs each peer as a process of its own. This package has the hooks by
// which calls leave and enter a process, under the course's names, in the form that is useful inside
// one process:
//
//   - SetCall replaces an end by a function, and SetDispatch the services of a server.
//   - Forward and Dispatch go the other way.
//   - Marshall and Unmarshall are the encoding, and LookupEnd finds an end.
//
// Sockets and processes are left out: no seed can control the clock and the scheduler of
// another process.
package labrpc
