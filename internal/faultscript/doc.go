// Package faultscript runs scenarios that are written as text, for the tests of
// the fault model: testdata/faults has one for each kind of fault, script in,
// story out (cockroachdb/datadriven). Each command is a file of this package:
//
//	world nodes=(a,b,c) [latency=10ms] [seed=1]    a world of such nodes; forgets all that was said before
//	send from=a to=b [method=Ping] [size=100] [at=10ms] [every=10ms] [count=3]
//	call                                           the same, and the receiver answers
//	disk node=a file=wal do=write|sync|read|dir [size=600] [at=10ms] [every=10ms] [count=3]
//	watch node=a [at=10ms] [every=20ms] [count=5]  a task on the node that tells its clock
//	role name=leader nodes=(b)                     who @leader is
//	domain name=rack nodes=(a,b)                   who %rack are
//	hand do=cut nodes=(a,b) at=20ms                by hand: see hand.go
//	run [for=100ms] [quiet=80ms]                   runs it all with the schedule below the command
//
// The answer of run is the trace, the messages by fate, and what became of each
// element. After a change that is meant, write the files anew with
//
//	go test ./internal/faultscript -rewrite
//
// Observe has the same scripts run on another engine, to compare what may be observed.
//
// Nothing but tests may import this package.
package faultscript
