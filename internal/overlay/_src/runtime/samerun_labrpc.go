package runtime

import (
	"internal/abi"
	"unsafe" // and for go:linkname
)

// A copy of the course's labrpc in the tree of the program is built with a few lines more
// (internal/labcopy), which call what is here. In a run that is made for a report the calls are
// noted (callbook). These lines take no turn and draw nothing, and package runtime
// is not instrumented for the race detector: so the run is the same with and without them.
//
// The functions are found by the names of the other side. Arguments are what the copy has at
// hand: names are interfaces, and a message is known by the address of its first byte.

// samerunCalls is the book of the test that runs. Only a goroutine that has the turn uses it.
var samerunCalls samerunCallBook

// samerunCallKeys are the calls by the addresses of what they send, the last ones.
var samerunCallKeys [1 << 10]samerunCallKey

type samerunCallKey struct {
	first uintptr // of the message
	call  uint64
}

// samerunOddNames are the names of ends and servers that are neither texts nor whole numbers.
var samerunOddNames []any

// samerunNotesCalls returns the caller if its calls are noted: it has the turn, in a test that runs.
func samerunNotesCalls() *g {
	if !samerunTracks || !samerunTurns.test || samerunTurns.over {
		return nil
	}
	return samerunWriting()
}

// samerunCallsBegin forgets the calls of the test before.
func samerunCallsBegin() {
	if !samerunTracks {
		return
	}
	samerunCalls.Clear()
	clear(samerunCallKeys[:])
	samerunOddNames = nil
}

// samerunLabName is the name of an end or a server as a text: what comes before it says of which kind.
func samerunLabName(name any) string {
	e := efaceOf(&name)
	if e._type == nil {
		return ""
	}
	switch e._type.Kind() {
	case abi.String:
		return "s" + *(*string)(e.data)
	case abi.Int:
		return samerunLabNumber(uint64(*(*int)(e.data)), *(*int)(e.data) < 0)
	case abi.Int64:
		return samerunLabNumber(uint64(*(*int64)(e.data)), *(*int64)(e.data) < 0)
	case abi.Int32:
		return samerunLabNumber(uint64(*(*int32)(e.data)), *(*int32)(e.data) < 0)
	case abi.Uint, abi.Uintptr:
		return samerunLabNumber(uint64(*(*uint)(e.data)), false)
	case abi.Uint64:
		return samerunLabNumber(*(*uint64)(e.data), false)
	case abi.Uint32:
		return samerunLabNumber(uint64(*(*uint32)(e.data)), false)
	}
	if e._type.Equal == nil {
		return "" // no name: the copy will say so
	}
	for i, other := range samerunOddNames {
		if o := efaceOf(&other); o._type == e._type && efaceeq(e._type, o.data, e.data) {
			return "o" + toRType(e._type).string() + " " + samerunLabNumber(uint64(i+1), false)[1:]
		}
	}
	samerunOddNames = append(samerunOddNames, name)
	return samerunLabName(name)
}

// samerunLabNumber is a whole number as a name.
func samerunLabNumber(x uint64, negative bool) string {
	var b [24]byte
	i := len(b)
	if negative {
		x = -x
	}
	for first := true; first || x > 0; first = false {
		i--
		b[i] = byte('0' + x%10)
		x /= 10
	}
	if negative {
		i--
		b[i] = '-'
	}
	i--
	b[i] = 'i'
	return string(b[i:])
}

// samerunLabTold is told what a network is told about an end or a server: what is one of callbook.
//
//go:linkname samerunLabTold
func samerunLabTold(what int, net unsafe.Pointer, end, server any) {
	gp := samerunNotesCalls()
	if gp == nil {
		return
	}
	e, s := samerunLabName(end), samerunLabName(server)
	end1, server1 := what <= int(samerunBookDisables), what == int(samerunBookConnects) || what >= int(samerunBookAddsServer)
	if end1 == (e != "") && server1 == (s != "") {
		samerunCalls.Told(samerunBookWhat(what), uintptr(net), e, s, gp.goid, gp.bubble.since())
	}
}

// samerunLabEnabled is told that an end is enabled, or disabled.
//
//go:linkname samerunLabEnabled
func samerunLabEnabled(net unsafe.Pointer, end any, on bool) {
	if on {
		samerunLabTold(int(samerunBookEnables), net, end, nil)
	} else {
		samerunLabTold(int(samerunBookDisables), net, end, nil)
	}
}

// samerunLabCalls is told of a call, and returns its number for what follows; 0 if nobody wants to know.
//
//go:linkname samerunLabCalls
func samerunLabCalls(end any, method string) uint64 {
	gp := samerunNotesCalls()
	if gp == nil {
		return 0
	}
	e := samerunLabName(end)
	if e == "" {
		return 0
	}
	return samerunCalls.Calls(e, string([]byte(method)), gp.goid, gp.bubble.since())
}

// samerunLabSends is told what a call sends.
//
//go:linkname samerunLabSends
func samerunLabSends(call uint64, args []byte) {
	if call == 0 || len(args) == 0 || samerunNotesCalls() == nil {
		return
	}
	samerunCalls.Sends(call, args)
	first := uintptr(unsafe.Pointer(unsafe.SliceData(args)))
	*samerunCallKeyOf(first) = samerunCallKey{first, call}
}

func samerunCallKeyOf(first uintptr) *samerunCallKey {
	return &samerunCallKeys[samerunMix(uint64(first), 0x63616c6c)%uint64(len(samerunCallKeys))]
}

// samerunLabHandles is told that a handler begins, and returns the number of its call; 0 if that
// is not known.
//
//go:linkname samerunLabHandles
func samerunLabHandles(args []byte) uint64 {
	gp := samerunNotesCalls()
	if gp == nil || len(args) == 0 {
		return 0
	}
	first := uintptr(unsafe.Pointer(unsafe.SliceData(args)))
	k := samerunCallKeyOf(first)
	if k.first != first {
		return 0
	}
	samerunCalls.Handles(k.call, gp.bubble.since())
	return k.call
}

// samerunLabAnswers is told that it returns.
//
//go:linkname samerunLabAnswers
func samerunLabAnswers(call uint64, reply *[]byte) {
	if call == 0 {
		return
	}
	if gp := samerunNotesCalls(); gp != nil {
		samerunCalls.Answers(call, *reply, gp.bubble.since())
	}
}

// samerunLabReturns is told that a call by an end returns.
//
//go:linkname samerunLabReturns
func samerunLabReturns(call uint64, end any, ok *bool) {
	if call == 0 {
		return
	}
	if gp := samerunNotesCalls(); gp != nil {
		samerunCalls.Returns(call, samerunLabName(end), *ok, gp.bubble.since())
	}
}

// samerunToldCalls is what was noted, in the flat form of callbook; none if there was no call.
//
//go:linkname samerunToldCalls testing.samerunToldCalls
func samerunToldCalls(most int) (nums []int64, texts []string) {
	if !samerunTracks || samerunCalls.IsEmpty() {
		return nil, nil
	}
	return samerunCalls.Flat(most)
}
