//go:build !race

package labrpc

import (
	"testing"

	"samerun/sim"
)

// A goroutine that was started with the go statement has no place in a run. (The
// race detector finds it before we do.)
func TestCallFromARawGoroutine(t *testing.T) {
	for name, do := range map[string]func(l *lab){
		"ClientEnd.Call":    func(l *lab) { l.call(l.end, "Echo.Double", 4) },
		"Network.Forward":   func(l *lab) { l.Forward("client", "Echo.Double", nil) },
		"Network.MakeEnd":   func(l *lab) { l.MakeEnd("x") },
		"Network.Enable":    func(l *lab) { l.Enable("client", false) },
		"Network.AddServer": func(l *lab) { l.AddServer("x", MakeServer()) },
	} {
		fails(t, func(w *sim.World) {
			l := newLab(w)
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				do(l)
				t.Errorf("%s returned to a goroutine", name)
			}()
			<-gone
			w.Sleep(1)
		}, name, "go statement")
	}
}
