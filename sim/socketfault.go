package sim

import (
	"fmt"

	"samerun/sim/fault"
)

// hasNoSockets refuses elements that mean connections, which messages between tasks have
// none of.
func (w *World) hasNoSockets(s fault.Schedule) error {
	if w.host != nil {
		return nil
	}
	for i := range s.Faults {
		f := &s.Faults[i]
		switch info, _ := f.Kind.Info(); {
		case info.Group == fault.Sockets:
			return fmt.Errorf("faults[%d], %s: it befalls connections and datagrams of ordinary Go, and the nodes of this world exchange messages; leave it out", i, f.Kind)
		case f.Conn != 0:
			return fmt.Errorf("faults[%d], %s: conn is %d, and the messages of this world have no connections; leave it out", i, f.Kind, f.Conn)
		}
	}
	return nil
}
