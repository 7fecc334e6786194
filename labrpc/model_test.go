package labrpc

import (
	"time"

	"samerun/internal/keyed"
	"samerun/sched"
	"samerun/sim"
)

// model is the rules of the package documentation once more, written as they
// read: a call is one task that sleeps, draws and looks. It takes its luck from
// the same keys as the package, and nothing else of it.
type model struct {
	w              *sim.World
	ends           map[string]*modelEnd
	servers        map[string]*modelServer
	deleted        map[string]uint64
	unreliable     bool
	longDelays     bool
	longReordering bool
	done           bool
	count          int
	bytes          int64
	hop            time.Duration     // that a message takes
	length         func(v any) int64 // encoded
}

type modelEnd struct {
	key     keyed.Key
	enabled bool
	server  string
	calls   uint64
}

type modelServer struct {
	count int
	ended []time.Duration // when its handlers ended
}

func newModel(w *sim.World) *model {
	return &model{w: w, ends: map[string]*modelEnd{}, servers: map[string]*modelServer{}, deleted: map[string]uint64{}}
}

func (m *model) makeEnd(name string) {
	if m.ends[name] == nil {
		m.ends[name] = &modelEnd{key: endID(name, 0, m.deleted[name], "main", 1)}
	}
}

func (m *model) deleteEnd(name string) {
	if m.ends[name] != nil {
		delete(m.ends, name)
		m.deleted[name]++
	}
}

// call makes a call to a handler that takes d. It blocks as Call does.
func (m *model) call(e *modelEnd, name string, d time.Duration) bool {
	if m.done { // rule 2
		return false
	}
	m.count++ // rule 3
	m.bytes += m.length(d)
	e.calls++
	luck := luckOf(m.w.Seed(), e.key.Str("Echo.Slow").With(e.calls), 0)
	unreliable, longReordering, server := m.unreliable, m.longReordering, e.server
	srv := m.servers[server]

	if m.ends[name] != e || !e.enabled || srv == nil { // rules 4 and 5
		m.sleep(luck.failDelay(m.longDelays))
		return false
	}
	if unreliable { // rule 6
		m.sleep(luck.shortDelay())
		if luck.chance(drawRequestLost, lossPPM) {
			return false
		}
	}
	m.sleep(m.hop) // rule 7
	srv.count++    // rule 8
	var handler sched.WaitGroup
	handler.Go(func() {
		m.sleep(d)
		srv.ended = append(srv.ended, m.w.Elapsed())
	})
	dead := func() bool { return m.ends[name] != e || !e.enabled || m.servers[server] != srv }
	for left := d; ; left -= 100 * ms { // rule 9
		if left < 100*ms {
			m.sleep(left)
			handler.Wait()
			break
		}
		m.sleep(100 * ms)
		if dead() {
			return false
		}
	}
	if dead() { // rule 10
		return false
	}
	if unreliable && luck.chance(drawReplyLost, lossPPM) { // rule 11
		return false
	}
	if longReordering { // rule 12
		m.sleep(luck.reorderDelay())
	}
	m.sleep(m.hop)
	m.bytes += m.length(7) // rule 13
	return true            // rules 14 and 15
}

func (m *model) sleep(d time.Duration) {
	if d > 0 {
		m.w.Sleep(d)
	}
}
