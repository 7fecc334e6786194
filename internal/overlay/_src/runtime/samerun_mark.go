package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/sys"
	"unsafe"
)

// samerunMarker finds out which objects of the heap goroutines that can go on may come to,
// as the collector does, and as the goroutine leak profile of Go 1.26 does: it begins at
// the variables of packages, finalizers, timers that are set, and the stacks of those
// goroutines, and follows pointers. It leaves the collector alone and works in each
// version of Go. The caller has stopped the world and runs on the system stack.
//
// What it does not follow are pointers from the waiting to what they wait for, and back:
// goroutines and the entries of queues (sudog) count as seen from the begin.
// A dead variable on a stack keeps nothing alive: frames are read by the maps that the
// compiler makes for the collector, and variables whose address was taken count only if
// somebody has the address.
//
// Invariants: seen has the address of each object that was reached and has pointers, of
// what is in wanted and was reached, and of what must not be followed; queue has those
// whose pointers are still to be followed.
type samerunMarker struct {
	seen, wanted samerunWordSet
	queue        samerunWordList

	// Of the stack that is read.
	stack        stack
	conservative bool            // the next frame was stopped anywhere
	objects      samerunWordList // variables whose address was taken: where each is, and its stackObjectRecord or 0 once it was read
	pointers     samerunWordList // to such variables
}

// samerunRoom is memory outside of the heap for n words, all 0. It is never given back.
func samerunRoom(n int) []uintptr {
	return unsafe.Slice((*uintptr)(persistentalloc(uintptr(n)*goarch.PtrSize, goarch.PtrSize, &memstats.other_sys)), n)
}

const samerunRoomOfWords = 1 << 10

// push appends to a list.
func (r *samerunMarker) push(l *samerunWordList, w uintptr) {
	if l.IsFull() {
		l.Move(samerunRoom(max(samerunRoomOfWords, 2*l.Room())))
	}
	l.Push(w)
}

// add adds to a set, and reports whether the word is new.
func (r *samerunMarker) add(s *samerunWordSet, w uintptr) bool {
	if s.IsFull() {
		s.Move(samerunRoom(max(samerunRoomOfWords, 4*s.Room())))
	}
	return s.Add(w)
}

// begin forgets everything.
func (r *samerunMarker) begin() {
	r.seen.Clear()
	r.wanted.Clear()
	r.queue.Clear()
}

// samerunHeapObject returns the object of the heap that an address lies in; base is 0 if there
// is none.
func samerunHeapObject(p uintptr) (base uintptr, s *mspan) {
	s = spanOf(p)
	if s == nil || s.state.get() != mSpanInUse || p < s.base() || p >= s.limit {
		return 0, nil
	}
	return s.base() + s.objIndex(p)*s.elemsize, s
}

// The small objects without pointers that share a block are told apart by four bytes. A
// pointer to a lock leads to its begin, which is up to eight bytes before what is waited
// for.
const samerunTinyStep, samerunTinyHead = 4, 8

// want says that it will be asked whether an address was reached.
func (r *samerunMarker) want(p uintptr) {
	base, s := samerunHeapObject(p)
	switch {
	case base == 0 || !s.spanclass.noscan():
	case s.spanclass == tinySpanClass:
		for d := uintptr(0); d <= samerunTinyHead && p-d >= base; d += samerunTinyStep {
			r.add(&r.wanted, p-d)
		}
	default:
		r.add(&r.wanted, base)
	}
}

// reached reports whether an address was reached, which is wanted if it is one without
// pointers. Variables of packages always are.
func (r *samerunMarker) reached(p uintptr) bool {
	base, s := samerunHeapObject(p)
	if base == 0 {
		return true
	}
	if s.spanclass == tinySpanClass {
		for d := uintptr(0); d <= samerunTinyHead && p-d >= base; d += samerunTinyStep {
			if r.seen.Has(p - d) {
				return true
			}
		}
		return false
	}
	return r.seen.Has(base)
}

// skip marks an object as one whose pointers are not to be followed.
func (r *samerunMarker) skip(p uintptr) {
	if base, _ := samerunHeapObject(p); base != 0 {
		r.add(&r.seen, base)
	}
}

// pointer follows a pointer. exact says that it is one; what only looks like one may lead
// to an object that is free.
func (r *samerunMarker) pointer(p uintptr, exact bool) {
	if p < minLegalPointer {
		return
	}
	if r.stack.lo <= p && p < r.stack.hi {
		r.push(&r.pointers, p)
		return
	}
	base, s := samerunHeapObject(p)
	if base == 0 || !exact && s.isFree(s.objIndex(p)) {
		return
	}
	if !s.spanclass.noscan() {
		if r.add(&r.seen, base) {
			r.push(&r.queue, base)
		}
		return
	}
	if s.spanclass == tinySpanClass {
		base = p &^ (samerunTinyStep - 1)
	}
	if r.wanted.Has(base) {
		r.add(&r.seen, base)
	}
}

// follow follows the pointers of all objects that were reached.
func (r *samerunMarker) follow() {
	for r.queue.Len() > 0 {
		r.object(r.queue.Pop())
	}
}

// object follows the pointers in an object that has some.
func (r *samerunMarker) object(base uintptr) {
	s := spanOfUnchecked(base)
	limit := base + s.elemsize
	for tp := s.typePointersOfUnchecked(base); ; {
		var at uintptr
		if tp, at = tp.nextFast(); at == 0 {
			if tp, at = tp.next(limit); at == 0 {
				return
			}
		}
		r.pointer(*(*uintptr)(unsafe.Pointer(at)), true)
	}
}

// words follows the pointers among n bytes, which a mask tells; without one each word may
// be a pointer.
func (r *samerunMarker) words(at, n uintptr, mask *uint8) {
	if mask == nil {
		for end := at + n/goarch.PtrSize*goarch.PtrSize; at < end; at += goarch.PtrSize {
			r.pointer(*(*uintptr)(unsafe.Pointer(at)), false)
		}
		return
	}
	for i := uintptr(0); i < n/goarch.PtrSize; i += 8 {
		bits := *addb(mask, i/8)
		for k := i; bits != 0 && k < n/goarch.PtrSize; k++ {
			if bits&1 != 0 {
				r.pointer(*(*uintptr)(unsafe.Pointer(at + k*goarch.PtrSize)), true)
			}
			bits >>= 1
		}
	}
}

// roots follows what any goroutine may come to.
func (r *samerunMarker) roots() {
	r.stack = stack{}
	for _, m := range activeModules() {
		r.words(m.data, m.edata-m.data, m.gcdatamask.bytedata)
		r.words(m.bss, m.ebss-m.bss, m.gcbssmask.bytedata)
		r.follow()
	}
	for _, s := range mheap_.allspans {
		if s.state.get() == mSpanInUse && s.specials != nil {
			r.specials(s)
		}
	}
	// Those that are about to be called.
	for b := allfin; b != nil; b = b.alllink {
		r.words(uintptr(unsafe.Pointer(&b.fin[0])), uintptr(b.cnt)*unsafe.Sizeof(b.fin[0]), nil)
	}
	for b := (*cleanupBlock)(gcCleanups.all.Load()); b != nil; b = b.alllink {
		r.words(uintptr(unsafe.Pointer(&b.cleanups[0])), uintptr(b.n)*unsafe.Sizeof(b.cleanups[0]), nil)
	}
	r.follow()
}

// specials follows what hangs on the objects of a span: a finalizer is called when its
// object cannot be reached any more, with all that this can reach, and a weak pointer may
// be made a strong one.
func (r *samerunMarker) specials(s *mspan) {
	for sp := s.specials; sp != nil; sp = sp.next {
		at := uintptr(unsafe.Pointer(sp))
		base := s.base() + uintptr(sp.offset)/s.elemsize*s.elemsize
		switch sp.kind {
		case _KindSpecialFinalizer:
			if !s.spanclass.noscan() {
				r.object(base)
			}
			r.words(at, unsafe.Sizeof(specialfinalizer{}), nil)
		case _KindSpecialWeakHandle:
			r.pointer(base, true)
			r.words(at, unsafe.Sizeof(specialWeakHandle{}), nil)
		case _KindSpecialCleanup:
			r.words(at, unsafe.Sizeof(specialCleanup{}), nil)
		}
	}
}

// timers follows what the timers of a bubble are for. Timers that were stopped may stay in
// the heap of timers for a while.
func (r *samerunMarker) timers(ts *timers) {
	r.stack = stack{}
	for _, w := range ts.heap {
		if samerunIsSet(w.timer) {
			r.pointer(uintptr(unsafe.Pointer(w.timer)), true)
		}
	}
	r.follow()
}

// samerunIsSet reports whether a timer that is in a heap of timers will fire.
func samerunIsSet(t *timer) bool {
	return t.state&timerHeaped != 0 && t.state&timerZombie == 0
}

// goroutine follows what a goroutine can come to from its stack.
func (r *samerunMarker) goroutine(gp *g) {
	r.stack, r.conservative = gp.stack, false
	r.objects.Clear()
	r.pointers.Clear()
	r.pointer(uintptr(gp.sched.ctxt), true)
	r.pointer(uintptr(gp.labels), true)
	var u unwinder
	for u.init(gp, 0); u.valid(); u.next() {
		r.frame(&u.frame)
	}
	for d := gp._defer; d != nil; d = d.link {
		r.pointer(*(*uintptr)(unsafe.Pointer(&d.fn)), true)
		r.pointer(uintptr(unsafe.Pointer(d)), true)
		r.pointer(uintptr(unsafe.Pointer(d.link)), true)
	}
	r.pointer(uintptr(unsafe.Pointer(gp._panic)), true)
	for r.pointers.Len() > 0 {
		r.variable(r.pointers.Pop())
	}
	r.stack = stack{}
	r.follow()
}

// frame follows what a function can come to, as scanframeworker of the collector does.
func (r *samerunMarker) frame(f *stkframe) {
	stopped := f.fn.valid() && (f.fn.funcID == abi.FuncID_asyncPreempt || f.fn.funcID == abi.FuncID_debugCallV2)
	if r.conservative || stopped {
		if f.varp > f.sp && f.varp != 0 {
			size := f.varp - f.sp
			if usesLR {
				size += alignUp(sys.MinFrameSize, sys.StackAlign)
			}
			r.words(f.sp, size, nil)
		}
		r.words(f.argp, f.argBytes(), nil)
		r.conservative = stopped
		return
	}
	locals, args, objects := f.getStackMap(false)
	if locals.n > 0 {
		size := uintptr(locals.n) * goarch.PtrSize
		r.words(f.varp-size, size, locals.bytedata)
	}
	if args.n > 0 {
		r.words(f.argp, uintptr(args.n)*goarch.PtrSize, args.bytedata)
	}
	if f.varp == 0 {
		return
	}
	for i := range objects {
		o := &objects[i]
		at := f.varp
		if o.off >= 0 {
			at = f.argp
		}
		if at += uintptr(o.off); at >= f.sp {
			r.push(&r.objects, at)
			r.push(&r.objects, uintptr(unsafe.Pointer(o)))
		}
	}
}

// variable follows the pointers in the variable that an address on the stack lies in, once.
// The list of variables is in the order of their addresses.
func (r *samerunMarker) variable(p uintptr) {
	low, high := 0, r.objects.Len()/2 // the last one that begins at p or before is in this range, if any is
	for low < high {
		if mid := int(uint(low+high) >> 1); r.objects.At(2*mid) <= p {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == 0 {
		return
	}
	at, record := r.objects.At(2*low-2), r.objects.At(2*low-1)
	if record == 0 {
		return
	}
	o := (*stackObjectRecord)(unsafe.Pointer(record))
	if p >= at+uintptr(o.size) {
		return
	}
	r.objects.Set(2*low-1, 0)
	n, mask := o.gcdata()
	r.words(at, n, mask)
}
