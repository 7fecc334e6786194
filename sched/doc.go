// Package sched runs the tasks of a program one at a time, in virtual time and
// in an order that a seed decides. A task is what a goroutine is outside; the
// same program and seed give the same run, to the bit.
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
// A task is started with Go and waits by means of this package: Sleep, Yield,
// Mutex, RWMutex, Cond, WaitGroup, Once, Chan, Select, Timer and Ticker. They
// have the method names, the panics and the zero values of packages sync and
// time. A channel is a *Chan, whose operations are methods:
//
//	ch <- v           ch.Send(v)
//	v, ok := <-ch     v, ok := ch.Recv()
//	for v := range ch for v := range ch.All()
//	close(ch)         ch.Close()
//	select            sched.Select(a.OnRecv(&v, nil), b.OnSend(1), sched.Default)
//	<-ctx.Done()      sched.Done(ctx).Recv()
//
// Tasks hand over only where they wait, so that between two waits a task has
// the world to itself. Data races cannot happen; races of meaning can, and are
// what one looks for: each wait is a point at which the seed chooses.
//
// What waits for real (a raw channel, time.Sleep, sync.Mutex) stops the whole
// run. It is found out after a moment: the run ends with a StallError that names
// task, line and what to use instead. A goroutine that was started with the go
// statement and calls in is told likewise (IntruderError), and so is one that is left
// waiting for a real socket (EscapeError).
//
// # Who runs next
//
// A Strategy holds the tasks that are ready and picks one. Seed 0 has FIFO, the
// calm order. Other seeds have Random, which draws a priority for each task each
// time it becomes ready, from the seed and the task's identity alone: without
// one task, the others still run in the order in which they ran before. When
// nobody is ready, the clock goes on to the next event: a sleep that ends, a
// timer, a message. Events happen between tasks and cannot wait.
//
// Config.Strategy asks for another, and ParseStrategy makes one from a text:
//
//	fifo           first come, first served
//	random         a priority for each task that becomes ready (BasicPOS)
//	walk           each ready task has the same chance: the plainest
//	pos            like random, drawn anew for tasks of the node that had a turn
//	pct:3          a priority for each task, which changes at two points of the run:
//	               finds a bug of depth 3 with a probability that is known
//	delay:2        FIFO but for two delays: finds what is close to FIFO
//	urw            each order of all turns has the same chance, as far as a calm run
//	               has shown how many turns each task has
//	surw           each order of some turns has, of kinds that are drawn for the seed
//	exhaustive:2   not one run but all that have at most two deviations from FIFO
//	exhaustive:dpor  all but those that are equivalent to another: see Exhaustive and Touch
//
// Which is best depends on the bug. Walk and POS find most of what needs one
// unlucky moment among few tasks; PCT what needs a task to be left alone for long,
// among many; Delay what shows soon after a calm start; testdata/bounds.txt has
// small programs to compare. The unknowns of PCT and Delay are the depth (3 shows
// most bugs) and how many choices a run has: see Scheduler.Choices and EstimateLength. That
// of URW and SURW is how many turns each task has: see Counting.
// Exhaustive is for small worlds and says when it has covered everything.
//
// A Recording writes down what any of them decided, as Deviations from FIFO: task,
// how often it had been ready, and how many others went first. Deviating runs them
// again, all or some: a schedule is data that can be kept and made smaller.
//
// # Goroutines
//
// With Config.Host each task is a goroutine, and goroutines that the program starts by go
// statements may call in: they are tasks from then on, of the group on whose node of the host
// they run. The host says who is next and what time it is; strategies, deviations, and the
// reports of deadlocks and stalls are its own. A task waits by Park and is woken by Unpark;
// events of the clock are fired by one goroutine that belongs to no node. Everything of
// this package works as it does for coroutines, and what a task does between two waits is
// still seen by no other.
//
// # How a run ends
//
// When the main function returns, or with an error that says what is wrong:
// PanicError, GoexitError (t.FailNow), DeadlockError (who waits for what, at
// which line, and who holds it), LivelockError (time stands still), StallError,
// IntruderError, EscapeError, or what was given to Fail. The tasks that are left are unwound:
// their deferred calls run, find Over true, and have no effect on the world.
//
// A Group is a set of tasks that live and die together, as the tasks of one node
// do. It has a view of time of its own, can be paused, and can be frozen: a
// crash, after which no task of it takes another step.
//
// # Reading order
//
//   - Scheduler (scheduler.go, config.go), Task (task.go), Group (group.go).
//   - turns.go: how the turn goes from task to task with one switch of
//     coroutines instead of two. worker.go, run.go: the coroutines, and the end.
//   - strategy.go (FIFO), random.go, walk.go, pos.go, pct.go, delay.go: who is next;
//     spec.go: their names. heap.go, arrivals.go: what they keep the ready tasks in.
//     What they decide is in internal/pick, which ordinary Go tests share.
//   - deviate.go, recording.go: a schedule as data. exhaustive.go: all schedules.
//   - touch.go, depend.go, phase.go: what turns touch, and which orders are equivalent. dpor.go,
//     reducing.go: all schedules but those. extensions.go: how many they are.
//   - host.go: tasks as goroutines. race.go: what the race detector is told of them.
//   - mutex.go, rwmutex.go, cond.go, waitgroup.go, once.go; chan.go, chanq.go,
//     select.go; timer.go, funcs.go: what tasks use.
//   - errors.go, deadlock.go, stall.go, stack.go: the reports.
//   - current.go, registry.go, getg_*: which task is it that calls?
//
// This package knows nothing of networks and of faults.
package sched
