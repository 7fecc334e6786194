// Package overlay makes a Go toolchain run ordinary tests under a seed.
//
// The go command can read files of the standard library from elsewhere for one
// build (go test -overlay). [Build] makes such files from the user's own GOROOT: a
// few lines of it change, and files of ours join some of its packages. No Go source
// is shipped, and nothing in GOROOT is touched.
//
// With SAMERUN_SEED set, a test binary built so is one bubble in the sense of
// testing/synctest, the world, from before its packages are initialised to its end. One
// goroutine of it runs at a time. Which one is next, the order of select, of timers due at
// one instant and of maps, and every random number are functions of the seed. Without it,
// the binary behaves as if built without the overlay.
//
// docs/unmodified-limits.md tells users what is exact and what is not. For developers,
// docs/overlay.md explains how a turn passes, and docs/overlay-debug.md how to debug the
// overlay and how to move it to a new release of Go.
//
// # What is where
//
// edits/ has the changes, one file for each purpose, with its reason. Package edit
// tells how they are written. [Places] returns them.
//
//	turn      one goroutine of a bubble runs at a time
//	point     where a program that need not wait can lose its turn
//	spin      a goroutine that only looks loses its turn
//	mask      what the runtime does is none of the program's business
//	bubble    the world, which the process is, and bubbles that tests make
//	clock     the clock outside of the world
//	timer     the order of timers at one instant
//	random    random words, hashes, select
//	pool      sync.Pool
//	gob       decoders and encoders remember what others have compiled
//	procs     GOMAXPROCS
//	pointer   maps with pointers as keys
//	network   sockets of a test's own network
//	collector finalizers, cleanups and weak pointers of the program
//	pipe      pipes whose two ends stay in this process
//	signal    signals that a program sends to itself
//	process   who starts another process is named
//	outside   waits for processes and in system calls let the others go on
//	lasting   what a test does that others of its process feel is named
//	report    what a dying process says, and what is noted for it
//	leak      what each goroutine waits for
//	node      what a node's timers and contexts start runs on that node
//	testing   where a test begins and ends, and what is in real time beside the tests
//
// _src/ has our own files, which the changes call: in the folder of the package that
// each joins, and with the name that it has there. They are Go files, but not of this
// module: go vet reaches them through the overlay (TestVet).
//
//	runtime/samerun_turn.go      who has the turn, who is held back, how it passes on
//	runtime/samerun_pick.go      who is held back; how the strategies are asked
//	runtime/samerun_object.go    which object a goroutine wants, for POS
//	runtime/samerun_events.go    how many events each goroutine has, for URW and SURW; also in testing
//	runtime/samerun_fork.go      from when on another seed decides
//	runtime/samerun_saw.go       which places come behind which, for a guided search; also in testing
//	runtime/samerun_point.go     where a program that need not wait can lose its turn
//	runtime/samerun_atomic.go    and so at the methods of sync/atomic
//	runtime/samerun_world.go     the world and its root; where a test begins and ends
//	runtime/samerun_oldtimers.go the timer channels from before 1.23
//	runtime/samerun_first.go     whether a new goroutine goes first
//	runtime/samerun_spin.go      loops that only look; also _spin_look, and _step, by which they are known
//	runtime/samerun_telling.go   the root tells something: what the race detector is to know of it
//	runtime/samerun_limit.go     the limit of a test's virtual time
//	runtime/samerun_bubble.go    bubbles that tests make
//	runtime/samerun_shared.go    which variables two nodes write, for the doctor; also _shared_walk, _shared_layout
//	runtime/samerun_identity.go  who a goroutine is, whatever is edited elsewhere
//	runtime/samerun_counts.go    what is counted for a goroutine, by place
//	runtime/samerun_random.go    the streams of random words, the order of timers
//	runtime/samerun_clock.go     the clock outside of the world
//	runtime/samerun_pool.go      sync.Pool
//	encoding/gob/samerun_decode.go  what decoders share; also _encode
//	runtime/samerun_procs.go     GOMAXPROCS
//	runtime/samerun_pointer.go   the hashes of pointers that are keys of maps
//	runtime/samerun_lasting.go   what a test did that others of its process feel
//	runtime/samerun_network.go   the network's seed and its draws
//	runtime/samerun_faults.go    rules of faults, from package testing to package net; edges, at which the root acts
//	runtime/samerun_pipe.go      pipes whose two ends stay in this process; also in internal/poll and os
//	runtime/samerun_node.go      nodes: on which of them goroutines and timers are
//	runtime/samerun_crash.go     what becomes of a node's goroutines when it crashes; also in sync
//	runtime/samerun_pause.go     a node that stands still; who looks when all wait
//	runtime/samerun_clocks.go    clocks of nodes; also net/samerun_time
//	runtime/samerun_exits.go     what ends a process ends a node; also in os
//	runtime/samerun_host.go      what samerun's own module asks of a test; also in testing
//	runtime/samerun_final.go     finalizers, cleanups and weak pointers of the program
//	runtime/samerun_signal.go    signals; also in os/signal, os and syscall
//	runtime/samerun_outside.go   what is outside takes real time; also samerun_blocked, syscall/samerun_child
//	runtime/samerun_config.go    the settings in the environment
//	runtime/samerun_record.go    the record of turns and draws
//	runtime/samerun_stop.go      a run that stands still at a turn, to be looked at
//	runtime/samerun_writer.go    what writes it
//	runtime/samerun_deviate.go   runs as deviations from the calm one, and their replay
//	runtime/samerun_report.go    what a dying process says; for the watchdog
//	runtime/samerun_stuck.go     which goroutines wait for ever
//	runtime/samerun_mark.go      what those that can go on come to
//	runtime/samerun_stucktext.go what is told of a goroutine that waits for ever
//	runtime/samerun_sudog.go     what versions of Go name differently there
//	runtime/samerun_disk.go      folders as disks of nodes: what is known of them, and where system calls come in
//	runtime/samerun_diskask.go   the way from package syscall to a disk, and back
//	runtime/samerun_diskcall.go  system calls about names and descriptors; _diskdata those about content
//	runtime/samerun_diskpath.go  which file of which disk a path or a descriptor is for
//	runtime/samerun_diskmachine.go  what a journal asks of the machine; also _disknumbers
//	syscall/samerun_disk.go      how system calls come there
//	net/samerun_hooks.go         what package net calls, in place of system calls
//	net/samerun_socket.go        the network and its sockets
//	net/samerun_machine.go       nodes as machines: each has its own ports and addresses
//	net/samerun_names.go         names of nodes; also _interface, os/samerun_hostname
//	net/http, net/rpc            samerun_node.go: what they keep for each node
//	runtime/samerun_hosts.go     what package net asks about nodes
//	net/samerun_address.go       who takes what is sent to an address
//	net/samerun_open.go          listen, accept
//	net/samerun_dial.go          dial, and dial again
//	net/samerun_way.go           links: on which one a connection goes, what holds it up, when TCP gives up; also _keepalive
//	net/samerun_rules.go         rules of faults begin and end; datagrams over links
//	net/samerun_wait.go          who waits for a socket to change
//	net/samerun_stream.go        TCP and Unix streams: reading, writing, closing
//	net/samerun_packet.go        UDP
//	net/samerun_local.go         Unix sockets: their names, and those of packets
//	net/samerun_control_linux.go control messages, and the options that ask for them
//	net/samerun_raw.go           programs that ask for a descriptor; also _unix, _windows, _none
//	net/samerun_call.go          reading and writing by system calls (elsewhere _pair.go)
//	net/samerun_answer.go        what those calls do to a socket
//	syscall/samerun_socket.go    how they come to package net
//	testing/samerun_tests.go     the begin and end of a test, grace, deadlocks, the watchdog
//	testing/samerun_program.go   a main package in the place of tests; also in runtime
//	testing/samerun_leaks.go     what becomes of a test that leaves such goroutines
//	runtime/samerun_things.go    who holds each lock, who has used each channel, for reports
//	runtime/samerun_still.go     what goroutines that stand still wait for
//	runtime/samerun_reach.go     who has a pointer to a channel
//	testing/samerun_still.go     describes them, by leaf picture
//	testing/samerun_fails.go     a test that waited in vain; the limit of -timeout
//	testing/samerun_length.go    how many choices each test has, for PCT and delay
//	testing/samerun_record.go    opens and reads records
//	testing/samerun_stop.go      says how a run stands, or interrupts it for a debugger
//	testing/samerun_faults.go    the fault plan of a process, and what became of it in a test
//	internal/poll/samerun_deadline.go  deadlines of descriptors on the clock of a test
//	testing/samerun_lasting.go   tells it in the results
//	sync, syscall, math/rand, internal/sync, internal/runtime/maps, crypto/internal/sysrand
//	                             what the changes there call of package runtime
//
// leaf/ has what needs nothing of the package that it joins: ordinary packages, with
// ordinary tests, which package bundle puts into that package when the overlay is
// made (leaves.go says which into which). There Mix is called samerunMix.
//
//	mix       one word of several
//	setting   numbers and days in the environment
//	words     lists and sets of words outside of the heap
//	place     functions of the standard library, by their names
//	latency   how long things are on their way
//	instant   what time it is in the network
//	queue     things in their order, and buffers that are used again
//	pipe      one direction of a connection, and what holds it up
//	mailbox   packets that wait at a port
//	ports     which port is given out next
//	binding   who takes what is sent to an address
//	rule      faults on links in numbers and names
//	plan      the same as text
//	link      what such rules do to streams, dials and datagrams, by keyed chance
//	diskrule  faults on disks in numbers and a name
//	journal   what a disk would lose at a crash, and what such rules make of it
//	shape     how delays spread
//	host      the addresses of nodes
//	picture   the text about goroutines that stand still
package overlay
