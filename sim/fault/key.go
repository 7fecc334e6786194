package fault

import (
	"time"

	"samerun/internal/keyed"
)

// Key returns the identity of the fault: a hash of its content, independent of
// the seed and of its place in a list. What a fault draws during a run, it draws
// from its key, so that taking another element out changes nothing for it. Equal
// faults have equal keys; Schedule.Keys tells them apart.
func (f Fault) Key() uint64 {
	k := keyed.Ident("fault").Str(string(f.Kind))
	for _, names := range [...][]string{f.From, f.To, f.Nodes} {
		k = k.With(uint64(len(names)))
		for _, name := range names {
			k = k.Str(name)
		}
	}
	for _, d := range [...]time.Duration{f.At, f.For, f.Min, f.Max, f.Period, f.Offset} {
		k = k.With(uint64(d))
	}
	k = k.Str(f.Method).Str(f.File)
	for _, n := range [...]uint64{
		uint64(f.Boot), uint64(f.Dir), f.Nth, uint64(f.PPM), uint64(f.Shape), uint64(f.Bytes), uint64(f.Queue),
	} {
		k = k.With(n)
	}
	if f.Conn != 0 {
		k = k.Str("conn").With(f.Conn)
	}
	if f.Sectors != 0 {
		k = k.Str("sectors").With(uint64(f.Sectors))
	}
	return k.Uint64()
}

// Keys returns the identity of each element: that of its content and, among
// equal elements, of how many came before it. Taking element i out of the list
// leaves the keys of all elements that are not equal to it as they are.
func (s Schedule) Keys() []uint64 {
	keys := make([]uint64, len(s.Faults))
	count := make(map[uint64]uint64, len(s.Faults))
	for i := range s.Faults {
		k := s.Faults[i].Key()
		nth := count[k]
		count[k]++
		if nth > 0 {
			k = keyed.Key(k).Str("again").With(nth).Uint64()
		}
		keys[i] = k
	}
	return keys
}
