// Package sim is the world of a run: nodes that start, crash, restart and pause,
// links between them that delay, lose, cut and clog messages, properties that
// must hold, and a trace whose digest proves that two runs were the same. All of
// it is a pure function of the program and of a seed.
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
// Test runs a scenario once for each seed that the environment asks for, and
// fails the test with a story of the first that breaks. Run runs it once, with a
// Config, and returns a Report: it is what other packages build on. The scenario
// runs as the main task of the main node, and the run is over when it returns.
//
// # Two engines
//
// What runs on the nodes is tasks, which are written for this package, or, if Test is
// given Goroutines behind the scenario, ordinary Go: see Engine and docs/clusters.md. What
// follows is true of both but where it says tasks. Of goroutines a process makes one run,
// and the tool makes the others: it repeats, minimises and saves.
//
// Inside a run of tasks, these take the place of goroutines: World.Go and Node.Go start
// them, Sleep lets virtual time pass, and package sched has the locks and
// channels. The go statement, time.Sleep and real channels do not belong there;
// a run that meets them ends with an error that says what to use instead.
//
// # Seeds
//
//	SAMERUN_SEED=47           this seed, decimal or 0x hexadecimal
//	SAMERUN_SEEDS=1-1000,5000 all of these
//	                          neither: the replay files in testdata/replay, and seeds 0 to 9
//	SAMERUN_REPLAY=file       this saved failure, and nothing else
//	SAMERUN_OUT=folder        where failures are saved; testdata/replay if it is not set
//	SAMERUN_STRICT=1          what was asked for and never happened fails the test
//	SAMERUN_RESULTS=file      appends a line of JSON for each run
//
// Seed 0 is the calm run: latencies are the middle of their range, nothing is
// lost, tasks run first come first served.
//
// # What chance is keyed by
//
// No decision is drawn from a shared stream. Each has a key of its own, so that
// taking one node, one link's traffic or one fault out of a program leaves all
// other decisions as they were:
//
//	latency, loss, duplicate,   the seed, the link (both names), the name of the kind,
//	reordering of a message     request or reply, and how many of those came before on this link
//	order at one instant        the message, or the task and its n-th timer
//	order of ready tasks        the task and how often it was ready
//	Node.Rand                   the seed, the node's name, its n-th start
//
// What is keyed is the decision, not its consequence: a message that is sent later
// than before arrives later than before.
//
// # What becomes of a message in flight
//
// A message may be sent from anywhere, by whomever; what its sender does later
// does not matter to it. When it is sent:
//
//	the link is cut            dropped: Cut, after the delay given to Send
//	chance (Loss) says so      dropped: Lost, after the delay given to Send
//	otherwise                  in flight, for the delay and a latency
//	chance (Duplicate)         in flight twice, each copy with its own latency
//
// When it (or its copy) comes to the far end:
//
//	the link is clogged        held there; it comes again when the link is released
//	the link is cut            dropped: Cut
//	the receiver is down       dropped: NodeDown
//	the receiver is paused     delivered; tasks that this starts wait for Resume
//	the receiver was restarted delivered to the new incarnation
//	otherwise                  delivered
//
// Only these two moments count: a link that was cut and healed, or clogged and
// released, or a node that crashed and restarted while the message was under way
// did nothing to it. A held message whose link is cut as well is dropped when the
// link is released. Links have a direction: the way back is another link.
//
// It is the same whether a link is cut by hand or by an element of a schedule.
// testdata/faults/inflight.table has every case, and is what the tests run.
//
// # Schedules
//
// What goes wrong can be data: a fault.Schedule, drawn by World.Inject from a
// plan or given by Config.Faults. What its elements leave to chance is drawn from
// the seed, the content of the element and the message, node or operation that it
// meets, so that an element decides the same with the others and without them.
// Report.Outcomes and Report.Vacuous tell what had no effect. See docs/faults.md.
//
// # What can be taken out
//
// A failure is minimised before it is told: runs with fewer faults are tried, and
// with fewer of the steps that World.Steps hands out, smaller numbers of World.Size
// and a shorter World.Horizon; without chance (Calm) but for what the schedule does;
// in the order of FIFO but for single decisions. All of it is data, in Config and in
// replay files. Test does it in the test process, the tool with several processes that
// make the runs it asks for. See docs/minimising.md.
//
// # When properties are looked at
//
// At the end of each virtual instant at which something happened, when nothing is
// left to do and before time moves on: no task is in the middle of anything. The
// run's last instant has an end too. Always must hold each time; Eventually until
// it was true once, its deadline included; Sometimes is a remark of the scenario
// itself. A property that fails ends the run.
//
// # Reading order
//
//   - run.go, test.go: the two calls. env.go, command.go: what Test is asked for.
//   - world.go, config.go: the world and its settings.
//   - node.go: nodes, their tasks, clocks and storage.
//   - engine.go, goroutines.go, machines.go, sockets.go, dir.go, machinedisk.go, runtool.go: worlds
//     of ordinary Go: the one run of a process, nodes as machines of a host, faults on sockets and
//     on files, plain go test.
//   - link.go, send.go, message.go, kinds.go: links, and the way of a message.
//   - property.go, trace.go, text.go, faults.go: what must hold, what happened, what was
//     asked for.
//   - inject.go, livefault.go: a schedule at work. linkfault.go, partition.go, nodefault.go,
//     clockfault.go, diskfault.go, diskpick.go: its kinds. whynot.go, vacuity.go: what had no effect.
//   - hooks.go: messages by hand, rules, Buggify.
//   - workload.go: steps, sizes, horizons. order.go, exhaustive.go: strategies by name.
//   - failure.go: what broke, in words. story.go, storyinput.go, storyrecords.go,
//     storyrow.go: what there is to tell of it, which package internal/story makes into
//     text. attach.go: what else a failing test leaves.
//   - replayfile.go: a failure as package sim/replay saves it. regress.go: saved failures are
//     run again. minimise.go, trials.go: looking for a smaller input, by package sim/shrink. late.go, said.go,
//     parting.go: who called in late, what t.Fatal said, where two runs part.
//     coverage.go: vacuity over seeds.
package sim
