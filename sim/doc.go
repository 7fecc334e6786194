// Package sim is the world of a run: nodes that start, crash, restart and pause; links
// between them that delay, lose, cut and clog messages; properties that must hold; and a
// trace, whose digest proves that two runs were the same. A run depends on the program
// and the seed only.
//
//	func TestPing(t *testing.T) {
//		sim.Test(t, func(w *sim.World) {
//			server, pings := w.Node("server"), 0
//			server.Start(func() { … })
//			w.Always("never more than ten", func() error { … })
//			w.Eventually("a ping arrives", time.Second, func() bool { return pings > 0 })
//			w.Sleep(10 * time.Second) // virtual: it costs nothing
//		})
//	}
//
// # Two calls
//
// Test runs a scenario once for each seed that the environment asks for. It fails the test
// with a story of the first run that fails. Run runs a scenario once, with a Config, and
// returns a Report; other packages build on it. The scenario runs as the main task of
// the main node, and the run is over when it returns.
//
// # Two engines
//
// The nodes run tasks, which are written for this package. If Test is given the option Goroutines after
// the scenario, they run ordinary Go instead: see Engine and docs/clusters.md. The
// following is true for both, except where it says tasks. With goroutines, a process makes one run.
// The tool makes the others: it repeats, minimises and saves.
//
// In a run of tasks, use these instead of goroutines: World.Go and Node.Go start a task,
// Sleep lets virtual time pass, and package sched has locks and channels. Do not use the
// go statement, time.Sleep or real channels there. A run that uses them ends with an error
// that says what to use instead.
//
// # Seeds
//
//	SAMERUN_SEED=47           this seed, decimal or 0x hexadecimal
//	SAMERUN_SEEDS=1-1000,5000 all of these
//	                          neither: the replay files in testdata/replay, and seeds 0 to 9
//	SAMERUN_REPLAY=file       this saved failure, and nothing else
//	SAMERUN_OUT=folder        where failures are saved; testdata/replay if it is not set
//	SAMERUN_STRICT=1          fail if something was asked for and never happened
//	SAMERUN_RESULTS=file      append a line of JSON for each run
//
// Seed 0 is the calm run: latencies are the middle of their range, nothing is lost, and
// tasks run first come, first served.
//
// # Keys of random decisions
//
// No decision is drawn from a shared stream of random numbers. Each has a key of its own. If
// you remove one node, the traffic of one link or one fault from a program, all other
// decisions stay the same:
//
//	latency, loss, duplicate,   the seed, the link (both names), the name of the kind,
//	reordering of a message     request or reply, and how many of those came before on this link
//	order at one instant        the message, or the task and its n-th timer
//	order of ready tasks        the task and how often it was ready
//	Node.Rand                   the seed, the node's name, its n-th start
//
// The key determines the decision and not its consequence. A message that is sent later than before
// also arrives later than before.
//
// # What happens to a message in flight
//
// Anybody may send a message from anywhere. What its sender does later has no effect on
// it. When it is sent:
//
//	the link is cut            dropped: Cut, after the delay given to Send
//	chance (Loss) says so      dropped: Lost, after the delay given to Send
//	otherwise                  in flight, for the delay and a latency
//	chance (Duplicate)         in flight twice, each copy with its own latency
//
// When the message (or its copy) arrives at the far end:
//
//	the link is clogged        held there; it comes again when the link is released
//	the link is cut            dropped: Cut
//	the receiver is down       dropped: NodeDown
//	the receiver is paused     delivered; tasks that this starts wait for Resume
//	the receiver has restarted delivered to the new incarnation
//	otherwise                  delivered
//
// Only these two moments matter. If, while the message is in flight, a link is cut and
// healed, or clogged and released, or a node crashes and restarts, the message is not affected.
// A held message whose link is cut as well is dropped when the link is released. Links have a
// direction: the way back is another link.
//
// It makes no difference whether a link is cut by hand or by an element of a schedule.
// testdata/faults/inflight.table has every case, and the tests run it.
//
// # Schedules
//
// Faults can be data: a fault.Schedule, which World.Inject draws from a plan or which
// Config.Faults contains. Random decisions of an element are drawn from the seed, from the content of
// the element, and from the message, node or operation that it affects. So an element decides the
// same with other elements and without them. Report.Outcomes and Report.Vacuous say what had no
// effect. See docs/faults.md.
//
// # Minimising
//
// A failure is minimised before it is reported. The minimiser tries runs with:
//
//   - fewer faults, and fewer of the steps that World.Steps hands out,
//   - smaller numbers from World.Size, and a shorter World.Horizon,
//   - no chance (Calm), except for what the schedule does,
//   - FIFO order, except for single decisions.
//
// All of this is data, in Config and in replay files. Test minimises in the test process. The tool
// uses several processes, which make the runs that it asks for. See docs/minimising.md.
//
// # When properties are checked
//
// Properties are checked at the end of each virtual instant at which something happened: when
// there is nothing left to do, and before time moves on. No task is in the middle of
// anything then. The last instant of the run has an end, too.
//
//   - Always must hold at each check.
//   - Eventually must be true at one check, at its deadline at the latest.
//   - Sometimes is reported by the scenario itself.
//
// A property that fails ends the run.
//
// # Reading order
//
//   - run.go, test.go: the two calls. env.go, command.go: what the environment asks of Test.
//   - world.go, config.go: the world and its settings.
//   - node.go: nodes, their tasks, clocks and storage.
//   - engine.go, goroutines.go, machines.go, sockets.go, dir.go, machinedisk.go, runtool.go:
//     worlds of ordinary Go: the one run of a process, nodes as machines of a host, faults
//     of sockets and files, plain go test.
//   - link.go, send.go, message.go, kinds.go: links, and the way of a message.
//   - property.go, trace.go, text.go, faults.go: what must hold, what happened, what was
//     asked for.
//   - inject.go, livefault.go: a schedule at work. linkfault.go, partition.go, nodefault.go,
//     clockfault.go, diskfault.go, diskpick.go: its kinds. whynot.go, vacuity.go: what had
//     no effect.
//   - hooks.go: messages by hand, rules, Buggify.
//   - workload.go: steps, sizes, horizons. order.go, exhaustive.go: strategies by name.
//   - failure.go: what failed, in words. story.go, storyinput.go, storyrecords.go,
//     storyrow.go: the story of a failure, which package internal/story turns into text.
//     attach.go: what else a failing test leaves.
//   - replayfile.go: a failure as package sim/replay saves it. regress.go: running saved
//     failures again. minimise.go, trials.go: looking for a smaller input, with package
//     sim/shrink. late.go, said.go, parting.go: who called too late, what t.Fatal said, where
//     two runs diverge. coverage.go: vacuity over seeds.
package sim
