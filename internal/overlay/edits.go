package overlay

// edit is one change of ours to a file of the standard library.
type edit struct {
	file   string // below GOROOT/src
	anchor string // text of the file, which must occur exactly once, or so many times
	times  int
	with   string // what comes in its place; "{}" stands for the anchor
	since  int    // the first minor version of Go that has the place; 0: any
	until  int    // the last one; 0: any
}

// edits returns all changes. What they call is in the folder src.
func edits() []edit {
	var all []edit
	for _, group := range [][]edit{turnEdits, pointEdits, maskEdits, bubbleEdits, clockEdits, timerEdits, randomEdits, poolEdits, procsEdits, pointerEdits, networkEdits, reportEdits, testingEdits} {
		all = append(all, group...)
	}
	return all
}

// One goroutine of a bubble runs at a time, and the next is picked by the seed.
var turnEdits = []edit{
	{file: "runtime/synctest.go", anchor: "\tactive  int // other sources of activity\n", with: "{}\tsamerun samerunTurn\n"},
	{file: "runtime/runtime2.go", anchor: "\tbubble  *synctestBubble\n", with: "{}\tsamerun samerunG\n"},
	// Who becomes ready is held back: in ready and newproc, which wake a processor
	// for the goroutine otherwise, in runqput, for all other ways there, and where
	// goroutines that the network poller makes ready pass by it.
	{file: "runtime/proc.go", anchor: "\trunqput(mp.p.ptr(), gp, next)\n\twakep()\n\treleasem(mp)\n",
		with: "\tif gp.bubble != nil && samerunHold(gp) {\n\t\treleasem(mp)\n\t\treturn\n\t}\n{}"},
	{file: "runtime/proc.go", anchor: "\t\trunqput(pp, newg, true)\n\n\t\tif mainStarted {\n",
		with: "\t\tif newg.bubble != nil && samerunHold(newg) {\n\t\t\treturn\n\t\t}\n{}"},
	{file: "runtime/proc.go", anchor: "func runqput(pp *p, gp *g, next bool) {\n",
		with: "{}\tif gp.bubble != nil && samerunHold(gp) {\n\t\treturn\n\t}\n"},
	{file: "runtime/proc.go", anchor: "\tif sched.disable.user && !schedEnabled(gp) {\n\t\t// Scheduling of this goroutine is disabled. Put it on\n",
		with: "\tif gp.bubble != nil && samerunHold(gp) {\n\t\tgoto top\n\t}\n\n{}"},
	// park_m: the turn is given up before the goroutine counts as waiting, and
	// passed on when nothing can stop it from waiting any more.
	{file: "runtime/proc.go", anchor: "\tbubble := gp.bubble\n\tif bubble != nil {\n\t\tbubble.incActive()\n\t}\n",
		with: "\tbubble := gp.bubble\n\tsamerunGives, samerunRoot := samerunGive(gp), bubble != nil && gp == bubble.root\n" +
			// No lock: the bubble is active as long as its holder runs, so nobody else changes this.
			"\tif samerunGives != nil {\n\t\tbubble.active++\n\t} else if bubble != nil {\n\t\tbubble.incActive()\n\t}\n"},
	{file: "runtime/proc.go", anchor: "\t\t\texecute(gp, true) // Schedule it back, never returns.\n",
		with: "\t\t\tsamerunKeep(samerunGives)\n{}"},
	{file: "runtime/proc.go", anchor: "\tif bubble != nil {\n\t\tbubble.decActive()\n\t}\n\n\tschedule()\n",
		with: "\tif samerunGives != nil {\n\t\tsamerunParked(samerunGives, samerunRoot)\n\t} else if bubble != nil {\n\t\tbubble.decActive()\n\t}\n\n\tschedule()\n"},
	// Gosched of the program gives the turn up, that of the collector does not.
	{file: "runtime/proc.go", anchor: "func Gosched() {\n\tcheckTimeouts()\n\tmcall(gosched_m)\n",
		with: "func Gosched() {\n\tcheckTimeouts()\n\tmcall(samerunGosched_m)\n"},
	{file: "runtime/proc.go", until: 25, anchor: "\tdropg()\n\tlock(&sched.lock)\n\tglobrunqput(gp)\n\tunlock(&sched.lock)\n",
		with: "\tdropg()\n\tif !samerunYield(gp) {\n\t\tlock(&sched.lock)\n\t\tglobrunqput(gp)\n\t\tunlock(&sched.lock)\n\t}\n"},
	{file: "runtime/proc.go", since: 26, anchor: "\tif preempted && sched.gcwaiting.Load() {\n",
		with: "\tif samerunYield(gp) {\n\t\t// The seed has picked who is next.\n\t} else if preempted && sched.gcwaiting.Load() {\n"},
	{file: "runtime/mgcmark.go", anchor: "\t\tif gp.preempt {\n\t\t\tGosched()\n",
		with: "\t\tif gp.preempt {\n\t\t\tmcall(gosched_m)\n"},
	// goexit0 and gdestroy.
	{file: "runtime/proc.go", anchor: "\tgdestroy(gp)\n\tschedule()\n", with: "\tsamerunExits(gp)\n{}"},
	{file: "runtime/proc.go", anchor: "\tgp.timer = nil\n\tgp.bubble = nil\n", with: "\tsamerunBubble := gp.bubble\n\tgp.samerun.counts.drop(samerunBubble)\n{}"},
	{file: "runtime/proc.go", anchor: "\tgfput(pp, gp)\n\tif locked {\n", with: "\tgfput(pp, gp)\n\tsamerunExited(samerunBubble)\n\tif locked {\n"},
	// coroswitch_m.
	{file: "runtime/coro.go", anchor: "\t// Start running next, without heavy scheduling machinery.\n", with: "\tsamerunSwitch(bubble, gnext)\n\n{}"},
	// newproc1.
	{file: "runtime/proc.go", anchor: "\t\tnewg.bubble = callergp.bubble\n", with: "{}\t\tsamerunBorn(newg, callergp, callerpc, fn.fn)\n"},
}

// A program can lose its turn where it synchronises, although it need not wait.
var pointEdits = []edit{
	{file: "sync/mutex.go", anchor: "import (\n\tisync \"internal/sync\"\n", with: "import (\n\t\"internal/runtime/sys\"\n\tisync \"internal/sync\"\n"},
	{file: "sync/mutex.go", anchor: "func (m *Mutex) Lock() {\n", with: "{}\tsamerunPoint(sys.GetCallerPC())\n"},
	{file: "sync/rwmutex.go", anchor: "\t\"internal/race\"\n\t\"sync/atomic\"\n\t\"unsafe\"\n", with: "\t\"internal/race\"\n\t\"internal/runtime/sys\"\n\t\"sync/atomic\"\n\t\"unsafe\"\n"},
	{file: "sync/rwmutex.go", anchor: "func (rw *RWMutex) RLock() {\n", with: "{}\tsamerunPoint(sys.GetCallerPC())\n"},
	{file: "sync/rwmutex.go", anchor: "func (rw *RWMutex) Lock() {\n", with: "{}\tsamerunPoint(sys.GetCallerPC())\n"},
	{file: "runtime/chan.go", anchor: "func chansend1(c *hchan, elem unsafe.Pointer) {\n", with: "{}\tsamerunPoint(sys.GetCallerPC())\n"},
	{file: "runtime/chan.go", anchor: "func chanrecv1(c *hchan, elem unsafe.Pointer) {\n", with: "{}\tsamerunPoint(sys.GetCallerPC())\n"},
	{file: "runtime/chan.go", anchor: "func chanrecv2(c *hchan, elem unsafe.Pointer) (received bool) {\n", with: "{}\tsamerunPoint(sys.GetCallerPC())\n"},
	// Or where it only looks: select with a default, of one case and of more, and the clock.
	{file: "runtime/chan.go", anchor: "\treturn chansend(c, elem, false, sys.GetCallerPC())\n",
		with: "\tif selected = chansend(c, elem, false, sys.GetCallerPC()); !selected {\n\t\tsamerunPoll()\n\t}\n\treturn selected\n"},
	{file: "runtime/chan.go", anchor: "\treturn chanrecv(c, elem, false)\n",
		with: "\tif selected, received = chanrecv(c, elem, false); !selected {\n\t\tsamerunPoll()\n\t}\n\treturn selected, received\n"},
	{file: "runtime/select.go", anchor: "\t\tcasi = -1\n\t\tgoto retc\n", with: "\t\tsamerunPoll()\n{}"},
	{file: "runtime/time.go", anchor: "\t\tsec = bubble.now / (1000 * 1000 * 1000)\n", with: "\t\tsamerunLook(bubble)\n{}"},
}

// What the runtime does on behalf of a goroutine is none of its bubble's business.
var maskEdits = []edit{
	{file: "runtime/mgc.go", anchor: "func gcStart(trigger gcTrigger) {\n", with: "{}\tdefer samerunUnmask(samerunMask())\n"},
	{file: "runtime/mgc.go", anchor: "func GC() {\n", with: "{}\tdefer samerunUnmask(samerunMask())\n"},
	// Goroutines that a test has left behind are ready for ever.
	{file: "runtime/proc.go", anchor: "\t\ts := readgstatus(gp)\n\t\tswitch s &^ _Gscan {\n\t\tcase _Gwaiting,\n\t\t\t_Gpreempted:\n",
		with: "\t\tif gp.bubble != nil && gp.bubble.samerun.ended {\n\t\t\treturn\n\t\t}\n{}"},
}

// The life of a bubble.
var bubbleEdits = []edit{
	{file: "runtime/proc.go", anchor: "\tgoenvs()\n", with: "{}\tsamerunInit()\n"},
	// Programs for Go before 1.23 ask for timer channels that bubbles do not
	// have; package time itself gives them the old ones.
	{file: "runtime/synctest.go", until: 26, anchor: "\tif debug.asynctimerchan.Load() != 0 {\n",
		with: "\tif samerunCfg.on {\n\t\tdebug.asynctimerchan.Store(0)\n\t}\n{}"},
	{file: "runtime/synctest.go", anchor: "\tif gp.bubble != nil {\n\t\tpanic(\"synctest.Run called from within a synctest bubble\")\n",
		with: "\tif gp.bubble != nil && !gp.bubble.samerun.on {\n\t\tpanic(\"synctest.Run called from within a synctest bubble\")\n"},
	{file: "runtime/synctest.go", anchor: "\tgp.bubble = bubble\n\tdefer func() {\n\t\tgp.bubble = nil\n\t}()\n",
		with: "\tsamerunOuter := samerunStart(bubble, gp)\n\tgp.bubble = bubble\n\tdefer func() {\n\t\tsamerunStop(bubble, gp, samerunOuter)\n\t}()\n"},
	{file: "runtime/synctest.go", anchor: "\tif bubble.running > 0 || bubble.active > 0 {\n\t\treturn nil\n",
		with: "\tif samerunLeaves(bubble) {\n\t\treturn samerunFinish(bubble)\n\t}\n{}"},
	// The root may be woken while others are ready, and the clock may have moved.
	{file: "runtime/synctest.go", anchor: "\t\tif next == 0 {\n\t\t\tbreak\n\t\t}\n\t\tif next < bubble.now {\n",
		with: "\t\tif next == 0 && (!bubble.samerun.on || bubble.done || bubble.running <= 1) {\n\t\t\tbreak\n\t\t}\n\t\tif next < bubble.now && !bubble.samerun.on {\n"},
	{file: "runtime/synctest.go", anchor: "\t\tbubble.now = next\n", with: "\t\tbubble.now = max(bubble.now, next)\n"},
	{file: "runtime/synctest.go", anchor: "\tif total != 1 {\n", with: "\tif total != 1 && !samerunLeaves(bubble) {\n"},
	// Which waits let time pass.
	{file: "runtime/runtime2.go", anchor: "\treturn isIdleInSynctest[w]\n", with: "\treturn isIdleInSynctest[w] || samerunIdle(w)\n"},
	// A wait for the lock of a file is one that the program asked for.
	{file: "runtime/sema.go", anchor: "func sync_runtime_Semacquire(addr *uint32) {\n\tsemacquire1(addr, false, semaBlockProfile, 0, waitReasonSemacquire)\n",
		with: "func sync_runtime_Semacquire(addr *uint32) {\n\tsemacquire1(addr, false, semaBlockProfile, 0, waitReasonSyncMutexLock)\n"},
	{file: "runtime/sema.go", anchor: "func poll_runtime_Semacquire(addr *uint32) {\n\tsemacquire1(addr, false, semaBlockProfile, 0, waitReasonSemacquire)\n",
		with: "func poll_runtime_Semacquire(addr *uint32) {\n\tsemacquire1(addr, false, semaBlockProfile, 0, waitReasonSyncMutexLock)\n"},
	// sync.Mutex starves by the clock, and spins by what other processors do.
	{file: "runtime/sema.go", anchor: "func internal_sync_nanotime() int64 {\n",
		with: "{}\tif samerunActive() {\n\t\treturn getg().bubble.now\n\t}\n"},
	{file: "runtime/proc.go", anchor: "func internal_sync_runtime_canSpin(i int) bool {\n",
		with: "{}\tif samerunActive() {\n\t\treturn false\n\t}\n"},
}

// What packages keep of the time at which they were loaded fits the tests.
var clockEdits = []edit{
	{file: "runtime/proc.go", anchor: "\tfn := main_main // make an indirect call", with: "\tsamerunMain()\n{}"},
	{file: "runtime/time.go", anchor: "\treturn time_now()\n", with: "\treturn samerunNow()\n"},
}

// Timers of one instant fire in an order of the seed's.
var timerEdits = []edit{
	{file: "runtime/time.go", anchor: "\trand    uint32 // randomizes order of timers at same instant; only set when isFake\n", with: "{}\tsamerun samerunTimer\n"},
	{file: "runtime/time.go", anchor: "\t\treturn tw.timer.rand < other.timer.rand\n", with: "\t\treturn samerunTimerLess(tw, other)\n"},
	{file: "runtime/time.go", anchor: "\t\tif gp.bubble != nil {\n\t\t\tt.isFake = true\n", with: "{}\t\t\tsamerunTimerMade(t, nil)\n"},
	{file: "runtime/time.go", anchor: "\tif bubble := getg().bubble; bubble != nil {\n\t\tt.isFake = true\n", with: "{}\t\tsamerunTimerMade(&t.timer, arg)\n"},
	// unlockAndRun.
	{file: "runtime/time.go", anchor: "\t\tgp.bubble = bubble\n\t\tbubble.changegstatus(gp, _Gdead, _Grunning)\n", with: "{}\t\tsamerunFires(bubble, t)\n"},
	// cleanHead.
	{file: "runtime/time.go", anchor: "\t\tif gp.preemptStop {\n", with: "\t\tif gp.preemptStop && gp.bubble == nil {\n"},
}

// fixedHash makes the portable hash functions the ones in use, with fixed keys.
const fixedHash = "\tfor i := range hashkey {\n\t\thashkey[i] = uintptr(uint64(i+1) * 0x9e3779b97f4a7c15)\n\t}\n\treturn\n"

// Random words come from the seed, hashes from fixed keys.
var randomEdits = []edit{
	{file: "runtime/select.go", anchor: "cheaprandn(uint32(norder + 1))", with: "samerunSelectN(uint32(norder + 1))"},
	// What is left to rand is the seeds of maps. They are all alike, so that maps
	// which the standard library makes on the first use of something move nothing.
	{file: "runtime/rand.go", anchor: "func rand() uint64 {\n", with: "{}\tif samerunCfg.on {\n\t\treturn samerunCfg.mapSeed\n\t}\n"},
	{file: "runtime/rand.go", until: 26, anchor: "\tmp.cheaprand = rand()\n", with: "\tmp.cheaprand = bootstrapRand()\n"},
	{file: "runtime/rand.go", since: 27, anchor: "\tmp.cheaprand = uint32(rand())\n\tmp.cheaprand64 = rand()\n",
		with: "\tmp.cheaprand = uint32(bootstrapRand())\n\tmp.cheaprand64 = bootstrapRand()\n"},
	{file: "runtime/rand.go", anchor: "func legacy_fastrand() uint32 {\n\treturn uint32(rand())\n", with: "func legacy_fastrand() uint32 {\n\treturn uint32(samerunRand())\n"},
	{file: "runtime/rand.go", anchor: "func legacy_fastrandn(n uint32) uint32 {\n\treturn randn(n)\n",
		with: "func legacy_fastrandn(n uint32) uint32 {\n\treturn uint32((uint64(uint32(samerunRand())) * uint64(n)) >> 32)\n"},
	{file: "runtime/rand.go", anchor: "func legacy_fastrand64() uint64 {\n\treturn rand()\n", with: "func legacy_fastrand64() uint64 {\n\treturn samerunRand()\n"},
	// The hash functions that use AES instructions differ from machine to machine,
	// and with them the order of a map.
	{file: "runtime/alg.go", until: 26, anchor: "func alginit() {\n", with: "{}" + fixedHash},
	{file: "internal/runtime/maps/runtime_alg.go", since: 27, anchor: "func AlgInit() {\n", with: "{}" + fixedHash},
	{file: "internal/runtime/maps/runtime.go", anchor: "func rand() uint64\n", with: "{}\n//go:linkname samerunIter\nfunc samerunIter() uint64\n"},
	{file: "internal/runtime/maps/table.go", anchor: "\tit.entryOffset = rand()\n", with: "\tit.entryOffset = samerunIter()\n"},
	{file: "internal/runtime/maps/table.go", anchor: "\tit.dirOffset = rand()\n", with: "\tit.dirOffset = samerunIter()\n"},
	{file: "math/rand/rand.go", anchor: "//go:linkname runtime_rand runtime.rand\n", with: "//go:linkname runtime_rand runtime.samerunRand\n"},
	{file: "math/rand/v2/rand.go", anchor: "//go:linkname runtime_rand runtime.rand\n", with: "//go:linkname runtime_rand runtime.samerunRand\n"},
	{file: "hash/maphash/maphash.go", since: 27, anchor: "//go:linkname runtime_rand runtime.rand\n", with: "//go:linkname runtime_rand runtime.samerunRand\n"},
	{file: "hash/maphash/maphash_runtime.go", until: 26, anchor: "//go:linkname runtime_rand runtime.rand\n", with: "//go:linkname runtime_rand runtime.samerunRand\n"},
	{file: "os/tempfile.go", anchor: "//go:linkname runtime_rand runtime.rand\n", with: "//go:linkname runtime_rand runtime.samerunRand\n"},
	{file: "net/dnsclient.go", anchor: "//go:linkname runtime_rand runtime.rand\n", with: "//go:linkname runtime_rand runtime.samerunRand\n"},
	{file: "crypto/internal/sysrand/rand.go", anchor: "func Read(b []byte) {\n", with: "//\n// The operating system is asked only outside of samerun.\nfunc Read(b []byte) {\n\tif samerunSysrand(b) {\n\t\treturn\n\t}\n"},
	{file: "crypto/internal/sysrand/rand.go", anchor: "var testingOnlyFailRead bool\n", with: "{}\n//go:linkname samerunSysrand\nfunc samerunSysrand(b []byte) bool\n"},
	// Where things lie in memory decides the order of maps with pointers as keys.
	{file: "runtime/malloc.go", anchor: "\trandomizeHeapBase = ", with: "{}false && ", since: 26},
}

// A pool is emptied by the collector, and each processor has a part of it: in a
// bubble it is one stack, which begins empty and which nobody empties.
var poolEdits = []edit{
	{file: "sync/pool.go", anchor: "\tvictimSize uintptr        // size of victims array\n", with: "{}\n\tsamerun samerunPool // of a bubble\n"},
	{file: "sync/pool.go", anchor: "func (p *Pool) Put(x any) {\n\tif x == nil {\n\t\treturn\n\t}\n",
		with: "{}\tif samerunActive() {\n\t\tif race.Enabled {\n\t\t\trace.ReleaseMerge(poolRaceAddr(x))\n\t\t}\n\t\tsamerunPoolPut(&p.samerun, x)\n\t\treturn\n\t}\n"},
	{file: "sync/pool.go", anchor: "func (p *Pool) Get() any {\n",
		with: "{}\tif samerunActive() {\n\t\tx := samerunPoolGet(&p.samerun)\n\t\tif race.Enabled && x != nil {\n\t\t\trace.Acquire(poolRaceAddr(x))\n\t\t}\n\t\tif x == nil && p.New != nil {\n\t\t\tx = p.New()\n\t\t}\n\t\treturn x\n\t}\n"},
	{file: "sync/pool.go", anchor: "// Implemented in runtime.\n", with: "//go:linkname samerunActive\nfunc samerunActive() bool\n\n//go:linkname samerunPoint\nfunc samerunPoint(pc uintptr)\n\n" +
		"// samerunPool is that of package runtime.\ntype samerunPool struct {\n\tbubble uint64\n\titems  []any\n}\n\n//go:linkname samerunPoolPut\nfunc samerunPoolPut(p *samerunPool, x any)\n\n//go:linkname samerunPoolGet\nfunc samerunPoolGet(p *samerunPool) any\n\n{}"},
}

// How many processors there are is what the tests are told, whatever runs them: a
// thread more is woken for nothing, since one goroutine runs at a time.
var procsEdits = []edit{
	{file: "runtime/debug.go", anchor: "func GOMAXPROCS(n int) int {\n", with: "{}\tif procs, ok := samerunProcs(n, sys.GetCallerPC()); ok {\n\t\treturn procs\n\t}\n"},
	{file: "runtime/debug.go", anchor: "\treturn int(numCPUStartup)\n", with: "\tif procs, ok := samerunProcs(0, sys.GetCallerPC()); ok {\n\t\treturn procs\n\t}\n{}"},
	{file: "runtime/debug.go", anchor: "import (\n\t\"internal/runtime/atomic\"\n", with: "{}\t\"internal/runtime/sys\"\n"},
}

// The order of maps with pointers as keys is not that of their addresses.
var pointerEdits = []edit{
	{file: "internal/runtime/maps/runtime.go", anchor: "//go:linkname fatal\n", with: "// SamerunPointers says that pointers have hashes of their own.\nvar SamerunPointers bool\n\n" +
		"//go:noescape\n//go:linkname samerunMapHash\nfunc samerunMapHash(t *abi.Type, p unsafe.Pointer, h uintptr) uintptr\n\n" +
		"func samerunHash(t *abi.Type, hasher func(unsafe.Pointer, uintptr) uintptr, key unsafe.Pointer, seed uintptr) uintptr {\n\tif SamerunPointers && t.PtrBytes != 0 && t.Kind() != abi.String {\n\t\treturn samerunMapHash(t, key, seed)\n\t}\n\treturn hasher(key, seed)\n}\n\n{}"},
	{file: "internal/runtime/maps/map.go", anchor: " := typ.Hasher(", with: " := samerunHash(typ.Key, typ.Hasher, ", times: 5},
	{file: "internal/runtime/maps/table.go", anchor: " := typ.Hasher(", with: " := samerunHash(typ.Key, typ.Hasher, ", times: 4},
	{file: "internal/runtime/maps/runtime_swiss.go", until: 25, anchor: " := typ.Hasher(", with: " := samerunHash(typ.Key, typ.Hasher, ", times: 3},
	{file: "internal/runtime/maps/runtime_fast32_swiss.go", until: 25, anchor: " := typ.Hasher(", with: " := samerunHash(typ.Key, typ.Hasher, ", times: 4},
	{file: "internal/runtime/maps/runtime_fast64_swiss.go", until: 25, anchor: " := typ.Hasher(", with: " := samerunHash(typ.Key, typ.Hasher, ", times: 4},
	{file: "internal/runtime/maps/runtime.go", since: 26, until: 26, anchor: " := typ.Hasher(", with: " := samerunHash(typ.Key, typ.Hasher, ", times: 3},
	{file: "internal/runtime/maps/runtime.go", since: 27, anchor: " := typ.Hasher(", with: " := samerunHash(typ.Key, typ.Hasher, ", times: 2},
	{file: "internal/runtime/maps/runtime_fast32.go", since: 26, until: 26, anchor: " := typ.Hasher(", with: " := samerunHash(typ.Key, typ.Hasher, ", times: 4},
	{file: "internal/runtime/maps/runtime_fast64.go", since: 26, until: 26, anchor: " := typ.Hasher(", with: " := samerunHash(typ.Key, typ.Hasher, ", times: 4},
	{file: "internal/runtime/maps/runtime_fast32.go", since: 27, anchor: "memHash32Fallback(", with: "samerunHash32(typ.Key, ", times: 3},
	{file: "internal/runtime/maps/runtime_fast64.go", since: 27, anchor: "memHash64Fallback(", with: "samerunHash64(typ.Key, ", times: 3},
	{file: "internal/runtime/maps/runtime.go", since: 27, anchor: "//go:linkname fatal\n", with: "func samerunHash64(t *abi.Type, key uint64, seed uintptr) uintptr {\n\tif SamerunPointers && t.PtrBytes != 0 {\n\t\treturn samerunMapHash(t, unsafe.Pointer(&key), seed)\n\t}\n\treturn memHash64Fallback(key, seed)\n}\n\n" +
		"func samerunHash32(t *abi.Type, key uint32, seed uintptr) uintptr {\n\tif SamerunPointers && t.PtrBytes != 0 {\n\t\treturn samerunMapHash(t, unsafe.Pointer(&key), seed)\n\t}\n\treturn memHash32Fallback(key, seed)\n}\n\n{}"},
	{file: "internal/sync/hashtriemap.go", anchor: "\tht.keyHash = mapType.Hasher\n", with: "\tht.keyHash = samerunKeyHasher(mapType.Key, mapType.Hasher)\n"},
	{file: "internal/sync/hashtriemap.go", anchor: "type hashFunc func(unsafe.Pointer, uintptr) uintptr\n", with: "//go:linkname samerunMapHash\nfunc samerunMapHash(t *abi.Type, p unsafe.Pointer, h uintptr) uintptr\n\n//go:linkname samerunSeeded\nfunc samerunSeeded() bool\n\n" +
		"func samerunKeyHasher(t *abi.Type, hasher hashFunc) hashFunc {\n\tif !samerunSeeded() || t.PtrBytes == 0 || t.Kind() == abi.String {\n\t\treturn hasher\n\t}\n\treturn func(p unsafe.Pointer, h uintptr) uintptr { return samerunMapHash(t, p, h) }\n}\n\n{}"},
	{file: "runtime/mheap.go", anchor: "\tdefault:\n\t\tthrow(\"bad special kind\")\n", with: "\tcase samerunKindObject:\n\t\tsamerunFreeObject(s, spanOf(uintptr(p)))\n{}"},
}

// Sockets that are made in a test belong to a network of its own.
var networkEdits = []edit{
	{file: "net/fd_posix.go", anchor: "\tladdr       Addr\n\traddr       Addr\n", with: "{}\n\tsamerun samerunSocket // of the network of a test\n"},
	{file: "net/sock_posix.go", anchor: "\ts, err := sysSocket(family, sotype, proto)\n",
		with: "\tif fd, ours, err := samerunOpen(ctx, net, family, sotype, ipv6only, laddr, raddr, ctrlCtxFn); ours {\n\t\treturn fd, err\n\t}\n{}"},
	{file: "net/sock_posix.go", anchor: "\t\t\tif err := fd.listenStream(ctx, laddr, listenerBacklog(), ctrlCtxFn); err != nil {\n\t\t\t\tfd.Close()\n\t\t\t\treturn nil, err\n\t\t\t}\n", with: "{}\t\t\tsamerunListens(fd)\n"},
	socketEdit("net/fd_posix.go", "Close() error", "return fd.samerun.close()"),
	socketEdit("net/fd_posix.go", "shutdown(how int) error", "return samerunShutdown(fd, how)"),
	socketEdit("net/fd_posix.go", "Read(p []byte) (n int, err error)", "return fd.samerun.read(p)"),
	socketEdit("net/fd_posix.go", "readFrom(p []byte) (n int, sa syscall.Sockaddr, err error)", "return samerunReadFrom(fd, p)"),
	socketEdit("net/fd_posix.go", "readMsg(p []byte, oob []byte, flags int) (n, oobn, retflags int, sa syscall.Sockaddr, err error)", "return samerunReadMsg(fd, p)"),
	socketEdit("net/fd_posix.go", "readMsgInet4(p []byte, oob []byte, flags int, sa *syscall.SockaddrInet4) (n, oobn, retflags int, err error)", "return samerunReadMsg4(fd, p, sa)"),
	socketEdit("net/fd_posix.go", "readMsgInet6(p []byte, oob []byte, flags int, sa *syscall.SockaddrInet6) (n, oobn, retflags int, err error)", "return samerunReadMsg6(fd, p, sa)"),
	socketEdit("net/fd_posix.go", "Write(p []byte) (nn int, err error)", "return fd.samerun.write(p)"),
	socketEdit("net/fd_posix.go", "writeTo(p []byte, sa syscall.Sockaddr) (n int, err error)", "return samerunWriteTo(fd, p, sa)"),
	socketEdit("net/fd_posix.go", "writeToInet4(p []byte, sa *syscall.SockaddrInet4) (n int, err error)", "return samerunWriteTo(fd, p, sa)"),
	socketEdit("net/fd_posix.go", "writeToInet6(p []byte, sa *syscall.SockaddrInet6) (n int, err error)", "return samerunWriteTo(fd, p, sa)"),
	socketEdit("net/fd_posix.go", "SetDeadline(t time.Time) error", "return fd.samerun.deadlines(t, true, true)"),
	socketEdit("net/fd_posix.go", "SetReadDeadline(t time.Time) error", "return fd.samerun.deadlines(t, true, false)"),
	socketEdit("net/fd_posix.go", "SetWriteDeadline(t time.Time) error", "return fd.samerun.deadlines(t, false, true)"),
	socketEdit("net/fd_posix.go", "readFromInet4(p []byte, from *syscall.SockaddrInet4) (n int, err error)", "n, _, err = samerunReadFrom4(fd, p, from)\n\t\treturn n, err"),
	socketEdit("net/fd_posix.go", "readFromInet6(p []byte, from *syscall.SockaddrInet6) (n int, err error)", "n, _, err = samerunReadFrom6(fd, p, from)\n\t\treturn n, err"),
	socketEdit("net/fd_posix.go", "writeMsg(p []byte, oob []byte, sa syscall.Sockaddr) (n int, oobn int, err error)", "n, err = samerunWriteTo(fd, p, sa)\n\t\treturn n, 0, err"),
	socketEdit("net/fd_posix.go", "writeMsgInet4(p []byte, oob []byte, sa *syscall.SockaddrInet4) (n int, oobn int, err error)", "n, err = samerunWriteTo(fd, p, sa)\n\t\treturn n, 0, err"),
	socketEdit("net/fd_posix.go", "writeMsgInet6(p []byte, oob []byte, sa *syscall.SockaddrInet6) (n int, oobn int, err error)", "n, err = samerunWriteTo(fd, p, sa)\n\t\treturn n, 0, err"),
	socketEdit("net/fd_unix.go", "accept() (netfd *netFD, err error)", "return fd.samerun.accept()"),
	socketEdit("net/fd_windows.go", "accept() (*netFD, error)", "return fd.samerun.accept()"),
	socketEdit("net/writev_unix.go", "writeBuffers(v *Buffers) (n int64, err error)", "return samerunWriteBuffers(fd, v)"),
	socketEdit("net/fd_windows.go", "writeBuffers(buf *Buffers) (int64, error)", "return samerunWriteBuffers(fd, buf)"),
	// What is set for a descriptor that the socket does not have.
	{file: "internal/poll/sockopt.go", anchor: "\treturn syscall.SetsockoptInt(fd.Sysfd, level, name, arg)\n", with: "\tif fd.Sysfd+1 == 0 {\n\t\treturn nil\n\t}\n{}"},
	{file: "net/sockopt_posix.go", anchor: "func setLinger(fd *netFD, sec int) error {\n", with: "{}\tif fd.samerun != nil {\n\t\tfd.samerun.linger(sec)\n\t\treturn nil\n\t}\n"},
	{file: "net/rawconn.go", anchor: "\terr := c.fd.pfd.RawControl(f)\n", with: "\tif ours, err := samerunControl(c.fd, f); ours {\n\t\treturn err\n\t}\n{}"},
	{file: "net/rawconn.go", anchor: "\terr := c.fd.pfd.RawRead(f)\n", with: "\tif ours, err := samerunRaw(c.fd, f, false); ours {\n\t\treturn err\n\t}\n{}"},
	{file: "net/rawconn.go", anchor: "\terr := c.fd.pfd.RawWrite(f)\n", with: "\tif ours, err := samerunRaw(c.fd, f, true); ours {\n\t\treturn err\n\t}\n{}"},
	// What the system copies between descriptors.
	{file: "net/sendfile.go", anchor: "func sendFile(c *netFD, r io.Reader) (written int64, err error, handled bool) {\n", with: "{}\tif c.samerun != nil {\n\t\treturn 0, nil, false\n\t}\n"},
	{file: "net/splice_linux.go", anchor: "\twritten, handled, err = pollSplice(&c.pfd, &s.pfd, remain)\n", with: "\tif c.samerun != nil || s.samerun != nil {\n\t\treturn 0, nil, false\n\t}\n{}"},
	{file: "net/splice_linux.go", anchor: "\twritten, handled, err = pollSplice(&uc.fd.pfd, &c.pfd, 1<<63-1)\n", with: "\tif c.samerun != nil || uc.fd.samerun != nil {\n\t\treturn 0, nil, false\n\t}\n{}"},
}

// socketEdit lets a method of netFD do something else for a socket of a test's network.
func socketEdit(file, method, instead string) edit {
	return edit{file: file, anchor: "func (fd *netFD) " + method + " {\n", with: "{}\tif fd.samerun != nil {\n\t\t" + instead + "\n\t}\n"}
}

// Who dies in a test says which run it was.
var reportEdits = []edit{
	{file: "runtime/proc.go", anchor: "func os_beforeExit(exitCode int) {\n", with: "{}\tsamerunExitCode(exitCode)\n"},
	{file: "runtime/panic.go", anchor: "\tlevel, all, docrash := gotraceback()\n", with: "\tsamerunCrash(gp)\n{}"},
}

// Each top-level test has a bubble of its own.
var testingEdits = []edit{
	{file: "testing/testing.go", anchor: "\tgo tRunner(t, f)\n\n\t// The parent goroutine will block", with: "\tif !samerunRun(t, f) {\n\t\tgo tRunner(t, f)\n\t}\n\n\t// The parent goroutine will block"},
	{file: "testing/testing.go", anchor: "\tif t.isParallel {\n\t\tpanic(\"testing: t.Parallel called multiple times\")\n\t}\n",
		with: "{}\tif samerunActive() && !t.isSynctest {\n\t\treturn\n\t}\n"},
	{file: "testing/testing.go", anchor: "\tdeadline = t.tstate.deadline\n", with: "\tif samerunActive() {\n\t\treturn\n\t}\n{}"},
}
