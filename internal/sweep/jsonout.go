package sweep

import (
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"

	"samerun/internal/jsonout"
	"samerun/internal/runner"
	"samerun/internal/seeds"
	"samerun/internal/story"
	"samerun/internal/wire"
)

// Line is one line of the output of -json.
type Line struct {
	jsonout.Head
	Package   string   `json:"package"`
	Test      string   `json:"test"`
	Seed      *uint64  `json:"seed"`          // null: an ordinary test, which has none
	Run       uint64   `json:"run,omitempty"` // of a guided search: its number, from 1
	OK        bool     `json:"ok"`
	Digest    string   `json:"digest"`
	VirtualNS int64    `json:"virtual_ns"`
	Events    uint64   `json:"events"`
	WallNS    int64    `json:"wall_ns"`
	Covered   string   `json:"covered,omitempty"` // by the exhaustive search of the seed
	Apart     bool     `json:"apart,omitempty"`   // each test of ordinary Go had a process of its own
	Empty     string   `json:"empty,omitempty"`   // why nothing was run at all
	Unready   string   `json:"unready,omitempty"` // of a package that could not be run: where it stopped (gocmd.Stage)
	Skipped   []string `json:"skipped,omitempty"` // tests of ordinary Go that skipped themselves
	Property  string   `json:"property,omitempty"`
	Error     string   `json:"error,omitempty"`
	Remark    string   `json:"remark,omitempty"` // on what the run needs to fail, or why it does not always
	Repeats   *bool    `json:"repeats,omitempty"`
	Command   string   `json:"command,omitempty"`
	Replay    string   `json:"replay,omitempty"` // of the first of each distinct failure: the file that it is saved in
	jsonout.Telling
	Attached []string `json:"attached,omitempty"` // files beside the one in Replay, such as pictures
	// Minimised, in a line of its own at the end for each distinct failure, says how
	// much smaller than the failing run the one in Replay and Story is.
	Minimised *runner.Numbers `json:"minimised,omitempty"`
	// Neighbour, in such a line, is the nearest run that passes, and where the failing one parts
	// from it.
	Neighbour *story.Neighbour `json:"neighbour,omitempty"`
	// Guided, in a line of its own at the end for each test, is what a guided search has come to.
	Guided *searched `json:"guided,omitempty"`
	// Vacuous, in a line of its own at the end, has what no seed of the test reached.
	Vacuous []string `json:"vacuous,omitempty"`

	// Of ordinary Go, goroutines that its tests left at their ends, and those of them that
	// wait for ever.
	Left   int          `json:"left,omitempty"`
	Leaked *wire.Leaked `json:"leaked,omitempty"`

	// Of ordinary Go, the faults that -faults gave to its tests.
	Faults []runner.Met `json:"faults,omitempty"`

	at      int             // the slot
	failure *runner.Failure // to be saved when the line is written, if it is the first like this
}

// seedLine is the line of a run.
func seedLine(t *runner.Target, o *runner.Outcome) Line {
	l := Line{
		Package: t.Pkg.Path, Test: t.Name, Seed: &o.Seed, OK: o.OK,
		Digest: o.Digest, VirtualNS: o.VirtualNS, Events: o.Events, WallNS: o.WallNS, Covered: o.Covered, Apart: o.Apart, Empty: o.Empty, Skipped: o.Skipped,
		Left: o.Left, Leaked: o.Leaked, Faults: o.Faults,
	}
	if f := o.Failure; f != nil {
		l.Property, l.Error, l.Remark, l.Repeats, l.Command, l.Telling = f.Property, f.Reason, f.Remark, f.Repeats, f.Command, jsonout.Tell(f.Story(), f.Rows())
		l.failure = f
	}
	return l
}

// ordinaryLine is the line of an ordinary test that failed.
func ordinaryLine(f runner.Failure) Line {
	return Line{Package: f.Pkg.Path, Test: f.Test, Error: f.Reason, Command: f.Command, Telling: jsonout.Tell(f.Story(), f.Rows())}
}

// jsonStream writes lines in the order package, test, seed, each as soon as all
// before it are written, whatever is finished first. Two outputs of the same
// sweep are then equal line by line, but for wall_ns.
type jsonStream struct {
	w             io.Writer
	slots         []jsonSlot
	current       int // the slot whose lines are being written
	stopAtFailure bool
	stopped       bool
	save          func(at int, f *runner.Failure) // saves a failure of a slot; nil to save none
	saved         map[string]bool                 // keys of the failures that were saved
	ready         []byte                          // lines to be written by flush
}

// jsonSlot is the lines of one slot that wait for those before them.
type jsonSlot struct {
	head *Line
	set  seeds.Set
	held map[uint64]Line
	next func() (uint64, bool) // the seeds in order, once writing has begun
	stop func()
	want uint64 // the seed that is to be written now
	more bool   // want is valid
}

// newJSONStream returns a stream to w. With stopAtFailure the first failing line
// is the last one.
func newJSONStream(w io.Writer, sets []seeds.Set, stopAtFailure bool) *jsonStream {
	js := &jsonStream{w: w, stopAtFailure: stopAtFailure, saved: make(map[string]bool), slots: make([]jsonSlot, len(sets))}
	for i, set := range sets {
		js.slots[i] = jsonSlot{set: set, held: make(map[uint64]Line)}
	}
	return js
}

// head sets the line that comes before all seeds of a slot.
func (js *jsonStream) head(at int, l Line) { js.slots[at].head = &l }

// add hands in the line of one seed.
func (js *jsonStream) add(at int, l Line) {
	l.at = at
	js.slots[at].held[*l.Seed] = l
}

// flush writes the lines that have none missing before them.
func (js *jsonStream) flush() error {
	for ; js.current < len(js.slots); js.current++ {
		sl := &js.slots[js.current]
		if sl.next == nil {
			sl.next, sl.stop = iter.Pull(sl.set.All())
			sl.want, sl.more = sl.next()
			js.writeHead(sl)
		}
		for sl.more {
			l, ok := sl.held[sl.want]
			if !ok {
				return js.send()
			}
			delete(sl.held, sl.want)
			js.write(l)
			sl.want, sl.more = sl.next()
		}
	}
	return js.send()
}

// close writes all lines that are left, over the gaps that an interrupted sweep
// leaves.
func (js *jsonStream) close() error {
	err := js.flush()
	for ; js.current < len(js.slots); js.current++ {
		sl := &js.slots[js.current]
		js.writeHead(sl)
		for _, seed := range slices.Sorted(maps.Keys(sl.held)) {
			js.write(sl.held[seed])
		}
	}
	for i := range js.slots {
		if stop := js.slots[i].stop; stop != nil {
			stop()
		}
	}
	if err != nil {
		return err
	}
	return js.send()
}

// inOrder writes a line of a guided search, whose runs come in order.
func (js *jsonStream) inOrder(at int, l Line) error {
	l.at = at
	for ; js.current < at; js.current++ {
		js.writeHead(&js.slots[js.current])
	}
	js.writeHead(&js.slots[at])
	js.write(l)
	return js.send()
}

// searched writes a line for each test of a guided search, behind the runs.
func (js *jsonStream) searched(slots []slot) error {
	js.stopped = false // a failure ends the runs, and not what is told of them
	for i := range slots {
		for k := range slots[i].searches {
			x := &slots[i].searches[k]
			js.write(Line{Package: slots[i].Pkg.Path, Test: x.Test, OK: true, Guided: x})
		}
	}
	return js.send()
}

func (js *jsonStream) writeHead(sl *jsonSlot) {
	if sl.head != nil {
		js.write(*sl.head)
		sl.head = nil
	}
}

func (js *jsonStream) write(l Line) {
	if js.stopped {
		return
	}
	// Lines come in order here, so that the first is not a matter of chance.
	if f := l.failure; f != nil && js.save != nil && !js.saved[f.Key()] {
		js.saved[f.Key()] = true
		js.save(l.at, f)
		l.Replay, l.Attached = f.Saved, f.Attached
	}
	l.Head = jsonout.New()
	js.ready = jsonout.Append(js.ready, l)
	js.stopped = js.stopAtFailure && !l.OK
}

func (js *jsonStream) send() error {
	if len(js.ready) == 0 {
		return nil
	}
	_, err := js.w.Write(js.ready)
	js.ready = js.ready[:0]
	if err != nil {
		return fmt.Errorf("standard output cannot be written: %w", err)
	}
	return nil
}
