// Package ports gives out ports in the network of a test: package net gets it from
// internal/overlay/bundle.
package ports

// The ports that are given out, to who does not ask for one: from portLeast on.
const portLeast, portCount = 32768, 28232

// Ports gives out ports, one after another.
type Ports struct {
	last int // the one that was given out last, from 0
}

// NewPorts returns ports that begin somewhere: where a test begins is its own affair,
// so that nothing which a package keeps of an earlier test fits.
func NewPorts(key uint64) Ports { return Ports{last: int(key % portCount)} }

// Next returns the next port that is free, or 0 if none is.
func (p *Ports) Next(free func(port int) bool) int {
	for range portCount {
		p.last = (p.last + 1) % portCount
		if port := portLeast + p.last; free(port) {
			return port
		}
	}
	return 0
}
