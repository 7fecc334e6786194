package sim

// FaultCount tells how often a kind of fault was asked for, and how often it
// took effect. One that was asked for and never fired makes a vacuous test.
type FaultCount struct {
	Kind  string
	Asked uint64
	Fired uint64
}

const (
	faultLoss = iota
	faultDuplicate
	faultReorder
	faultCut
	faultClog
	faultCrash
	faultPause
	faultRule
	faultBuggify
	faultKinds
)

// faults counts by kind.
type faults [faultKinds]FaultCount

func (f *faults) asked(kind int) { f[kind].Asked++ }
func (f *faults) fired(kind int) { f[kind].Fired++ }

// configured counts the chances that a link setting asks for.
func (f *faults) configured(cfg LinkConfig) {
	for kind, ppm := range [...]int64{faultLoss: cfg.Loss, faultDuplicate: cfg.Duplicate, faultReorder: cfg.Reorder} {
		if ppm > 0 {
			f.asked(kind)
		}
	}
}

// list returns the kinds that were asked for or fired, in a fixed order.
func (f *faults) list() []FaultCount {
	var out []FaultCount
	for kind, name := range [...]string{"loss", "duplicate", "reorder", "cut", "clog", "crash", "pause", "rule", "buggify"} {
		c := f[kind]
		if c.Kind = name; c.Asked+c.Fired > 0 {
			out = append(out, c)
		}
	}
	return out
}
