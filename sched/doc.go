// Package sched runs the tasks of a program one at a time, in virtual time, and in an
// order that a seed decides. A task takes the place of a goroutine. The same program and
// seed give the same run, to the bit.
//
//	s, err := sched.New(sched.Config{Seed: 7})
//	…
//	err = s.Run(func() {
//		var wg sched.WaitGroup
//		for range 3 {
//			wg.Go(func() { sched.Sleep(time.Second) })
//		}
//		wg.Wait() // a virtual second later
//	})
//
// # What a task may do
//
// Go starts a task. A task waits with the functions and types of this package: Sleep,
// Yield, Mutex, RWMutex, Cond, WaitGroup, Once, Chan, Select, Timer and Ticker. They have
// the method names, the panics and the zero values of packages sync and time. A channel is
// a *Chan, and its operations are methods:
//
//	ch <- v           ch.Send(v)
//	v, ok := <-ch     v, ok := ch.Recv()
//	for v := range ch for v := range ch.All()
//	close(ch)         ch.Close()
//	select            sched.Select(a.OnRecv(&v, nil), b.OnSend(1), sched.Default)
//	<-ctx.Done()      sched.Done(ctx).Recv()
//
// Another task runs only when the current one waits. Between two waits a task is alone, so
// data races cannot happen. Errors in the order of events can, and are what you look
// for: at each wait, the seed chooses who runs next.
//
// A task that waits in real time (on a raw channel, in time.Sleep, on a sync.Mutex) stops
// the whole run. The scheduler notices this after a moment. The run ends with a StallError,
// which names the task, the line and what to use instead. There are similar errors for a
// goroutine that was started with the go statement and calls into this package
// (IntruderError), and for one that is left waiting for a real socket (EscapeError).
//
// # Who runs next
//
// A Strategy holds the tasks that are ready, and picks one. At seed 0 the strategy is FIFO,
// the calm order. At other seeds it is Random, which draws a priority for a task each time
// that the task becomes ready, from the seed and the task's identity alone. If you remove a
// task, the others still run in the same order. When no task is ready, the clock
// goes on to the next event: the end of a sleep, a timer, a message. Events happen between
// tasks and cannot wait.
//
// Config.Strategy asks for another strategy, and ParseStrategy makes one from a text:
//
//	fifo           first come, first served
//	random         a priority for each task that becomes ready (BasicPOS)
//	walk           each ready task has the same probability: the simplest
//	pos            like random, drawn again for tasks of the node that had a turn
//	pct:3          a priority for each task, which changes at two points of the run:
//	               finds a bug of depth 3 with a known probability
//	delay:2        FIFO except for two delays: finds what is close to FIFO
//	urw            each order of all turns has the same probability, as far as a calm
//	               run has shown how many turns each task has
//	surw           the same for the order of some turns, of kinds that the seed draws
//	exhaustive:2   not one run but all runs with at most two deviations from FIFO
//	exhaustive:dpor  all runs except those that are equivalent to another one: see
//	               Exhaustive and Touch
//
// Which one is best depends on the bug:
//
//   - Walk and POS find most bugs that need one unlucky moment among few tasks.
//   - PCT finds bugs that need one of many tasks to be left alone for a long time.
//   - Delay finds bugs that show soon after a calm start.
//   - Exhaustive is for small worlds, and says when it has covered everything.
//
// testdata/bounds.txt has small programs for comparison. PCT and Delay have two parameters: the
// depth (3 finds most bugs), and the number of choices in a run (see Scheduler.Choices and
// EstimateLength). URW and SURW need to know how many turns each task has (see Counting).
//
// A Recording writes down what any strategy has decided, as Deviations from FIFO: the task,
// how often it had been ready, and how many others went first. Deviating runs all or some of
// these again. In this way, a schedule is data that can be kept and made smaller.
//
// # Goroutines
//
// With Config.Host, each task is a goroutine. Goroutines that the program starts with go
// statements may call this package, too. From then on they are tasks, of the group on whose node
// of the host they run. The host decides who is next and what time it is, and has its own
// strategies, deviations, and reports of deadlocks and stalls. A task waits with Park and
// is woken with Unpark. One goroutine, which belongs to no node, fires the events of the clock.
// Everything in this package works as it does for coroutines, and no other task sees what a task does
// between two waits.
//
// # How a run ends
//
// A run ends when the main function returns, or with an error that says what is wrong:
//
//   - PanicError, GoexitError (t.FailNow), or the error that was given to Fail.
//   - DeadlockError: who waits for what, at which line, and who holds it.
//   - LivelockError: time stands still.
//   - StallError, IntruderError and EscapeError: see above.
//
// Tasks that are left are unwound. Their deferred calls run, see that Over is true, and have
// no effect on the world.
//
// A Group is a set of tasks that live and die together, such as the tasks of one node. It has a
// view of time of its own, and can be paused. It can also be frozen: this is a crash, after which
// none of its tasks takes another step.
//
// # Reading order
//
//   - Scheduler (scheduler.go, config.go), Task (task.go), Group (group.go).
//   - turns.go: how the turn passes from task to task with one switch of coroutines
//     instead of two. worker.go, run.go: the coroutines, and the end.
//   - strategy.go (FIFO), random.go, walk.go, pos.go, pct.go, delay.go: who is next.
//     spec.go: their names. heap.go, arrivals.go: where they keep the ready tasks.
//     Their decisions are made in internal/pick, which tests of ordinary Go use, too.
//   - deviate.go, recording.go: a schedule as data. exhaustive.go: all schedules.
//   - touch.go, depend.go, phase.go: what turns touch, and which orders are equivalent.
//     dpor.go, reducing.go: all schedules except equivalent ones. extensions.go: how many
//     there are.
//   - host.go: tasks as goroutines. race.go: what the race detector is told about them.
//   - mutex.go, rwmutex.go, cond.go, waitgroup.go, once.go; chan.go, chanq.go,
//     select.go; timer.go, funcs.go: what tasks use.
//   - errors.go, deadlock.go, stall.go, stack.go: the reports.
//   - current.go, registry.go, getg_*: finding the task that calls.
//
// This package does not depend on networks or faults.
package sched
