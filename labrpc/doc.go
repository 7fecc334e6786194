// Package labrpc is the RPC library of the MIT distributed systems course (6.824,
// 6.5840): the same API and the same observable behaviour, in ordinary Go as in the
// original, and in the virtual time of a world of package sim, in runs that are a
// function of their seed.
//
// A [Network] knows client ends and servers by name. A [ClientEnd] sends the
// requests of one client; Connect gives it the name of a server, Enable lets it
// through. A [Server] is a collection of [Service] values, each an object whose
// methods are the handlers. What travels is a request message (reqMsg: the end,
// "Service.Method", the type and the encoding of the arguments, and where the
// reply goes) and a reply message (replyMsg: whether there is a reply, and its
// encoding). In a world both are messages of package sim, so that all its links,
// faults and traces apply.
//
// # A lab as it is
//
// A lab changes its import path, and nothing else: [MakeNetwork] outside of a world makes
// a network of ordinary Go, which any goroutine may use. Under go test it takes real time;
// in a bubble of testing/synctest, and under samerun test, which gives the whole lab a seed,
// it takes virtual time, because package time does. The rules below hold, with these
// differences from a world:
//
//   - A reliable network adds nothing to the time of a call (7).
//   - All nodes are one machine; a server is gone when DeleteServer says so.
//   - Luck is drawn from a seed that each network takes from package math/rand/v2 when it is
//     made: another one each time under go test, the same one for each seed of samerun test.
//     From there on it is keyed as in a world, so that one end's calls shift no other's.
//   - What ends the run in a world stops the process with log.Fatal, or panics, whichever the
//     original does.
//   - With samerun test -faults the messages are datagrams of the test's network: from a
//     listener that stands for all clients to one for each server's name, in the order
//     of AddServer. A message that does not arrive is noticed after a second, and then is as a
//     server that cannot be reached (5); a request that arrives twice is executed twice.
//
// # Moving to a world
//
//   - MakeNetwork in a task of a world makes a network of that world. [NewNetwork](w) is
//     the same with the world in hand.
//   - Locks, channels and sleeps are those of package sched; the go statement is
//     sched.Go or World.Go. Time is the world's.
//   - A server lives on the node whose task calls AddServer, and a call comes from
//     the node whose task calls Call. A program that never leaves the scenario's
//     own node has one machine, as in the original. On nodes of its own, a server
//     can crash with its node: no DeleteServer is needed, and its handlers stop.
//   - Names of ends are what chance is keyed by. Use "n0 to n2" rather than random
//     strings: then a change elsewhere in the test leaves the luck of this end as
//     it was.
//   - At seed 0 noise is neutral: an unreliable network delays requests by 13 ms
//     and loses nothing.
//
// # Rules
//
// The code refers to these by number. All chances are drawn from the end, the method and
// how often that end called it. Where a run ends, ordinary Go stops the process.
//
//  1. Call encodes the arguments first, each time with a fresh encoder, so that
//     the descriptors of their types count as bytes. What cannot be encoded ends
//     the run.
//  2. After Cleanup a call returns false at once. Calls accepted before go on.
//     A second Cleanup ends the run.
//  3. Every accepted call, even one that will fail, adds 1 to the total count and
//     its encoded length to the total bytes. Whether the end is enabled, its
//     server, Reliable and LongReordering are read then, once. Calls of one end
//     may overtake each other.
//  4. A server is reachable if the end is enabled and connected and a server stands
//     under the name. A new end is neither; a deleted one stays neither.
//  5. A call to nowhere returns false after 0 to 99 whole milliseconds, with
//     LongDelays 0 to 6999. Nothing that happens meanwhile helps it, and it holds
//     up no other.
//  6. An unreliable network delays a request by 0 to 26 whole milliseconds and then
//     loses a tenth of them: Call returns false, and the server never hears of it.
//  7. A reliable one adds nothing but the latency of a world's links, see below.
//  8. The handler runs as a task or goroutine of its own, on arguments that were decoded afresh
//     and a zero reply. The server's count rises before it begins. Nothing
//     cancels it but a crash of its node.
//  9. Every 100 ms after its start the network looks whether the end is disabled,
//     or the server is not the one under its name any more. Then Call returns
//     false, and the result is thrown away. That the end was connected to another
//     name is not noticed.
//  10. The same look is taken when the handler returns: what a dead server did is
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
// # What is ours
//
// In the original a reliable call takes no time worth speaking of, yet some. In a
// world no time at all would be a trap: a client that calls in a loop would
// keep the clock from ever moving. So every message takes the latency of its link:
// 0.2 to 0.8 ms unless sim.Config.Link, World.SetLinks or Link.Set say otherwise,
// far below the 27 ms of rule 6, on top of which it comes.
//
// Where the original stops the process, a world's run ends with an error that names the
// seed, the virtual time, what was wrong and what would be right.
//
// Links of a world can do more than the rules. A request or a reply that a link loses, or
// drops because it is cut or the node is down, is not answered, and Call has no
// time-out; so the call fails as one to nowhere does, after the delay of rule 5,
// counted from when the message was dropped. A request that a link delivers twice is
// executed and counted twice; the caller gets the answer of the execution that
// began first. A clogged link holds the message, and the call, until it is
// released; meanwhile looks go on once the handler has started. A request whose
// server's node was started anew while it was on its way is dropped. A paused node
// does nothing, and the looks go on. When a node crashes, its servers are gone, which
// a look finds, and its callers never return.
//
// # Hooks
//
// The course of 2026 runs each peer as a process of its own. Of that the hooks are
// here by which calls leave and enter a process, under the course's names, in
// the form that is of use inside one: SetCall puts a function in the place of an end,
// SetDispatch one in the place of a server's services, Forward and Dispatch
// go the other way, Marshall and Unmarshall are the encoding, LookupEnd finds an
// end. Sockets and processes are left out: no seed rules another process's
// clock and scheduler.
package labrpc
