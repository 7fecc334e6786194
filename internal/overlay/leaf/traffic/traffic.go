// Package traffic is what a test has sent between its machines, noted for a report: package
// net gets it from internal/overlay/bundle, and package sim makes rows of a story of it.
//
// A run that is made for a report keeps a TrafficLog. It decides nothing, and nothing asks
// it but who tells of the run.
package traffic

// TrafficWhat is what was sent.
type TrafficWhat uint8

// What can be sent.
const (
	TrafficDial     TrafficWhat = iota + 1
	TrafficPiece                // of a stream
	TrafficEnd                  // of one direction of a stream
	TrafficReset                // of a connection
	TrafficDatagram             //
	trafficWhats
)

// TrafficFate is what becomes of it at the far end.
type TrafficFate uint8

// The fates.
const (
	TrafficArrives    TrafficFate = iota + 1
	TrafficLost                   // by chance, or picked
	TrafficCut                    // it meets a link that is cut
	TrafficWaits                  // it meets a link that is clogged, or a connection that stands still
	TrafficDown                   // it comes to a machine that is down
	TrafficRefused                // nobody listens there, or a fault says so
	TrafficUnanswered             // of a dial: nothing comes back
	TrafficBroken                 // the connection is reset before it arrives
	TrafficNoRoom                 // of a datagram: those that wait there leave no room
	trafficFates
)

// TrafficEvent is one thing that was sent, and what has become of it at one moment. What met
// a cut and is sent again is two events.
type TrafficEvent struct {
	At       int64 // nanoseconds of the test; it has not happened yet if that is to come
	Sent     int64 // when it was sent first
	What     TrafficWhat
	Fate     TrafficFate
	Before   TrafficFate // what had become of it earlier, when it is sent again; 0 for nothing
	From, To int         // nodes by their numbers, 0 for the test itself, -1 for nobody
	Conn     uint64      // how manieth connection of the link; 0 for datagrams
	Nth      uint64      // how manieth piece of it in that direction, or datagram of the link
	Size     int         // bytes
	Back     bool        // who was dialled sends it
	Copy     bool        // it is a copy that the network has made
	Wrong    bool        // a bit of it is not as it was sent
	Head     string      // how it begins

	FromName, ToName string // of the ends of the link; empty for nobody
}

// How many events a log keeps, the last ones, and how many bytes of each.
const (
	TrafficMost = 4096
	TrafficHead = 192
)

// TrafficLog is the last of what was sent. The zero value is empty. It has no lock of its own.
//
// Invariant: event number i, from 1, is at (i-1)%TrafficMost while i > n-TrafficMost.
type TrafficLog struct {
	events []TrafficEvent
	n      uint64
}

// Add notes an event, with how its data begins, and returns its number.
func (l *TrafficLog) Add(e TrafficEvent, data []byte) (number uint64) {
	e.Head = string(data[:min(len(data), TrafficHead)])
	return l.add(e)
}

func (l *TrafficLog) add(e TrafficEvent) uint64 {
	if len(l.events) < TrafficMost {
		l.events = append(l.events, e)
	} else {
		l.events[l.n%TrafficMost] = e
	}
	l.n++
	return l.n
}

// Becomes says what becomes, at a moment, of that of which the event of a number tells. What
// has not happened by now is told otherwise; what has happened stays, and another event
// follows. It returns the number of the event that counts.
func (l *TrafficLog) Becomes(number uint64, fate TrafficFate, at, now int64) uint64 {
	if number == 0 || number > l.n || l.n-number >= TrafficMost {
		return number // it is forgotten
	}
	e := &l.events[(number-1)%TrafficMost]
	if e.Fate == fate && e.At == at {
		return number
	}
	if e.At >= now {
		e.Fate, e.At = fate, at
		return number
	}
	if e.Fate == fate && at <= now {
		return number // it has met the same again
	}
	next := *e
	next.Before, next.Fate, next.At = e.Fate, fate, max(at, now)
	return l.add(next)
}

// Corrects says what has become of that of which the event of a number tells, at the moment
// that it has; or at another, if that is not 0.
func (l *TrafficLog) Corrects(number uint64, fate TrafficFate, at int64) {
	if number == 0 || number > l.n || l.n-number >= TrafficMost {
		return // it is forgotten
	}
	e := &l.events[(number-1)%TrafficMost]
	if e.Fate = fate; at != 0 {
		e.At = at
	}
}

// Clear forgets all: another test begins.
func (l *TrafficLog) Clear() { *l = TrafficLog{} }

// The places of the numbers of an event in the flat form.
const (
	trafficAt = iota
	trafficSent
	trafficInWhat
	trafficInFate
	trafficBefore
	trafficFrom
	trafficTo
	trafficConn
	trafficNth
	trafficSize
	trafficFlags
	trafficWidth
)

// The bits of the flags.
const (
	trafficBack = 1 << iota
	trafficCopy
	trafficWrong
)

// Flat returns the last events, so many at most, in numbers and, three for each, texts: how it begins
// and the names. They are in the order of the log. The first number is how many there were before them.
func (l *TrafficLog) Flat(most int) (nums []int64, texts []string) {
	count := min(len(l.events), most)
	first := l.n - uint64(count)
	nums = append(nums, int64(first))
	for i := range count {
		e := &l.events[(first+uint64(i))%TrafficMost]
		flags := int64(0)
		for bit, on := range [...]bool{e.Back, e.Copy, e.Wrong} {
			if on {
				flags |= 1 << bit
			}
		}
		nums = append(nums, e.At, e.Sent, int64(e.What), int64(e.Fate), int64(e.Before), int64(e.From), int64(e.To),
			int64(e.Conn), int64(e.Nth), int64(e.Size), flags)
		texts = append(texts, e.Head, e.FromName, e.ToName)
	}
	return nums, texts
}

// TrafficOf returns the events of the flat form, how many were left out before them, and
// whether it is one.
func TrafficOf(nums []int64, texts []string) (events []TrafficEvent, left uint64, ok bool) {
	if len(nums) == 0 {
		return nil, 0, len(texts) == 0
	}
	left, nums = uint64(nums[0]), nums[1:]
	if len(texts)%3 != 0 || len(nums) != len(texts)/3*trafficWidth {
		return nil, 0, false
	}
	for i := range len(texts) / 3 {
		x := nums[i*trafficWidth:]
		if x[trafficInWhat] <= 0 || x[trafficInWhat] >= int64(trafficWhats) || x[trafficInFate] <= 0 || x[trafficInFate] >= int64(trafficFates) || x[trafficBefore] < 0 || x[trafficBefore] >= int64(trafficFates) {
			return nil, 0, false
		}
		events = append(events, TrafficEvent{
			At: x[trafficAt], Sent: x[trafficSent], What: TrafficWhat(x[trafficInWhat]), Fate: TrafficFate(x[trafficInFate]), Before: TrafficFate(x[trafficBefore]),
			From: int(x[trafficFrom]), To: int(x[trafficTo]), Conn: uint64(x[trafficConn]), Nth: uint64(x[trafficNth]), Size: int(x[trafficSize]),
			Back: x[trafficFlags]&trafficBack != 0, Copy: x[trafficFlags]&trafficCopy != 0, Wrong: x[trafficFlags]&trafficWrong != 0,
			Head: texts[3*i], FromName: texts[3*i+1], ToName: texts[3*i+2],
		})
	}
	return events, left, true
}
