package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"samerun/internal/pick"
	"samerun/internal/story"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/sim/replay"
)

// Result is what became of one run of a test. A process of ordinary Go runs each
// test once, and writes a line for each.
type Result struct {
	Test      string `json:"test"` // as testing.T.Name gives it
	Seed      uint64 `json:"seed"`
	OK        bool   `json:"ok"`
	Digest    string `json:"digest,omitempty"` // of the trace: 16 hexadecimal digits
	VirtualNS int64  `json:"virtual_ns"`       // virtual time at the end
	Events    uint64 `json:"events"`           // of the world; of ordinary Go, turns
	WallNS    int64  `json:"wall_ns"`          // real time that it took

	// Of a failure: the property that broke, if one did, the reason, and all that
	// there is to tell. Repeats says whether the immediate second run was the first to
	// the bit, if there was one; Replay is the file in which the failure was saved, if
	// it was.
	Property string `json:"property,omitempty"`
	Error    string `json:"error,omitempty"`
	// Signature is what all errors of this kind have in common, if this one says so.
	Signature string       `json:"signature,omitempty"`
	Story     *story.Story `json:"story,omitempty"`
	Repeats   *bool        `json:"repeats,omitempty"`
	Replay    string       `json:"replay,omitempty"`

	// Of a run of a saved failure: what it came to, the words for it, and the keys of
	// its input that were met when it was recorded and not any more.
	Outcome replay.Outcome `json:"outcome,omitempty"`
	Words   string         `json:"words,omitempty"`
	Unmet   []string       `json:"unmet,omitempty"`

	// Covered says what an exhaustive search has covered.
	Covered string `json:"covered,omitempty"`

	// Vacuous has sentences that were true of all runs in this process up to this
	// one, Reached those that stopped being so; each is told once.
	Vacuous []string `json:"vacuous,omitempty"`
	Reached []string `json:"reached,omitempty"`

	// Of ordinary Go, in lines of their own: the test begins, and what M.Run returned.
	// A test that began and has no other line is the one in which the process ended.
	Began bool   `json:"began,omitempty"`
	Ended *Ended `json:"ended,omitempty"`

	// Of ordinary Go: how many choices the run had, as PCT and delay count them,
	// goroutines that were dropped at the end, waits for real input or output, other
	// processes that the test started and, of a failure, an address that was dialled and
	// at which nobody in the test ever listened; and an address outside of the test that
	// was used. Held says for what outside of the simulation the test has waited first, and
	// in which function, such as "for a process, in pkg.TestX".
	Choices uint64 `json:"choices,omitempty"`
	// Of a guided search, and for the report of a sweep: what a run of package sim has seen, and which places of ordinary Go
	// came behind which, as pairs of a hash and the milliseconds when that was first.
	Saw    *Saw     `json:"saw,omitempty"`
	Orders []uint64 `json:"orders,omitempty"`
	// Cover, for the report of a sweep, is what a run of package sim has met.
	Cover *Cover `json:"cover,omitempty"`
	// Counted has the events of each goroutine, of a calm run that was asked for them.
	Counted   []Counted `json:"counted,omitempty"`
	Left      int       `json:"left,omitempty"`
	IO        int       `json:"io,omitempty"`
	Refused   string    `json:"refused,omitempty"`
	Escaped   string    `json:"escaped,omitempty"`
	Processes int       `json:"processes,omitempty"`
	Held      string    `json:"held,omitempty"`
	// Loop is where a goroutine lost its turn by real time, in a loop that counts its rounds.
	Loop string `json:"loop,omitempty"`
	// Of ordinary Go, what ties a test to others of its process: it gave the shared source of
	// math/rand a seed, or looked at the process' memory; and which test, or TestMain, left
	// what was alive when it began.
	Seeded   bool   `json:"seeded,omitempty"`
	Measured bool   `json:"measured,omitempty"`
	After    string `json:"after,omitempty"`
	// Leaked are those of the goroutines left that wait for ever.
	Leaked *Leaked `json:"leaked,omitempty"`
	// Skipped says that the test has skipped itself.
	Skipped bool `json:"skipped,omitempty"`
	// Died says that the process ended in the test.
	Died bool `json:"died,omitempty"`
	// Of a replay of ordinary Go: how many deviations the test was to have, and which of
	// them, from 0, were not met, or in part: fewer others went before a turn than should.
	Deviations int   `json:"deviations,omitempty"`
	Missed     []int `json:"missed,omitempty"`
	Cut        []int `json:"cut,omitempty"`
	// Faults is what became of the faults that the tool gave to a test of ordinary Go; nil if
	// it gave none to the process.
	Faults *Faults `json:"faults,omitempty"`
	// Calls are those of a copy of the course's labrpc in the user's tree, in a run that is made for a report.
	Calls *Calls `json:"calls,omitempty"`
	// Nodes is how many nodes a test of ordinary Go had, and Shared which variables of packages
	// two of them wrote, in a run that looks for that.
	Nodes  int     `json:"nodes,omitempty"`
	Shared *Shared `json:"shared,omitempty"`
	// Goroutines says in a list that the nodes of the test run ordinary Go (sim.Goroutines),
	// and World is what such a run was made of.
	Goroutines bool   `json:"goroutines,omitempty"`
	World      *World `json:"world,omitempty"`
	// Trace is what such a run did, if a trace is made of it.
	Trace *Traced `json:"trace,omitempty"`
}

// Traced is the trace of a world of goroutines, without turns and what was sent over sockets.
type Traced struct {
	// Began is how much later than the test the world began, in nanoseconds: events count from then.
	Began  int64             `json:"began,omitempty"`
	Nodes  []TracedNode      `json:"nodes"`
	Events []tracefile.Event `json:"events"`
	Over   bool              `json:"over,omitempty"` // there were more than fit
	Sent   *Sent             `json:"sent,omitempty"`
}

// TracedNode is a node, with its number for the host.
type TracedNode struct {
	Machine int    `json:"machine"`
	Name    string `json:"name"`
}

// Shared are variables of packages that two nodes wrote.
type Shared struct {
	Full      bool             `json:"full"` // there was more behind the variables than could be watched
	Variables []SharedVariable `json:"variables"`
}

// SharedVariable is one of them: its place in the layout that the process was given, whether it is
// the variable itself or something that it leads to, and the names of the nodes.
type SharedVariable struct {
	Variable int      `json:"variable"`
	Itself   bool     `json:"itself"`
	Nodes    []string `json:"nodes"`
}

// Faults is what became of the faults of a test of ordinary Go.
type Faults struct {
	// Rules has each element of the schedule that sockets can meet, in their order. Picks is
	// what elements have done by chance, in the order of time, and More how many such there
	// are besides.
	Rules []Struck `json:"rules"`
	Picks []Pick   `json:"picks"`
	More  int      `json:"more"`
	// Ends are the names by which a schedule can say who sends and who receives in the test:
	// those of its listeners, of who dials, and of nodes.
	Ends []string `json:"ends"`
	// Past is, sorted, how the test went past its disk, on which faults were to befall it.
	Past []string `json:"past,omitempty"`
	// Sent is the last of what was sent, in a run that is made for a report.
	Sent *Sent `json:"sent,omitempty"`
}

// Sent is what was sent over sockets, in the flat form of internal/overlay/leaf/traffic; of the texts, each
// third, which are bytes, is in hexadecimal.
type Sent struct {
	Nums  []int64  `json:"nums"`
	Texts []string `json:"texts"`
}

// Calls is what such a copy has carried, in the flat form of internal/overlay/leaf/callbook, the texts
// in hexadecimal.
type Calls struct {
	Nums  []int64  `json:"nums"`
	Texts []string `json:"texts"`
}

// Struck is how often an element of a schedule took effect, when the first time was, in
// nanoseconds of virtual time, and on what.
type Struck struct {
	Element int    `json:"element"`
	Hits    int64  `json:"hits"`
	At      int64  `json:"at,omitempty"`
	What    string `json:"what,omitempty"`
}

// Pick is what an element of a schedule did by chance, in the words of the pick that does
// the same: "hold conn=2 nth=5 dir=1 min=200000000 from "TestX" to "listener 1"".
type Pick struct {
	Element int    `json:"element"`
	What    string `json:"what"`
}

// Leaked are goroutines that a test of ordinary Go left behind and that wait for ever: on
// something that no goroutine which can still go on comes to.
type Leaked struct {
	Count  int           `json:"count"`
	Fails  bool          `json:"fails,omitempty"` // the test failed because of them, and of nothing else
	Places []LeakedPlace `json:"places"`          // the most frequent ones, at least one
}

// LeakedPlace is a place at which some of them wait.
type LeakedPlace struct {
	Test  string `json:"test,omitempty"` // of a line that is about several tests
	Place string `json:"place"`          // such as "desk.go:41: desk.(*Desk).serve waits to send to a channel"
	Count int    `json:"count"`
}

// IsRun reports whether the line is about a run that has come to its end.
func (r *Result) IsRun() bool { return !r.Began && r.Ended == nil }

// Ended says that a process has come to the end of M.Run, of package testing, and what
// that returned.
type Ended struct {
	Code int `json:"code"`
}

// Begins begins a line of the output of a process of ordinary Go at which a test begins,
// whose name follows. A process that is not the tool's has none.
const Begins = "\x1esamerun-test "

// ResultsVariable is the environment variable that names the file for results.
const ResultsVariable = "SAMERUN_RESULTS"

// Results is the path of that file, empty if nobody asked.
type Results string

// Check says early, before hours are spent, that nothing can be written there.
func (path Results) Check() error {
	if path == "" {
		return nil
	}
	f, err := path.open()
	if err != nil {
		return fmt.Errorf("%s is %q, a file that cannot be written (%w); name one in a folder that exists", ResultsVariable, string(path), err)
	}
	return f.Close()
}

// Append adds a line. It is written at once, so that it is there even if the
// process dies in the next run.
func (path Results) Append(r *Result) error {
	if path == "" {
		return nil
	}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := path.open()
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

func (path Results) open() (*os.File, error) {
	return os.OpenFile(string(path), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
}

// ReadFile reads the lines that a test process left behind. A process may die at
// any moment, so that there may be no file, and a last line without its line break
// does not count.
func ReadFile(name string) ([]Result, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the results of a test process cannot be read: %w", err)
	}
	return Read(string(data))
}

// Read reads lines of results.
func Read(lines string) ([]Result, error) {
	var results []Result
	for line := range strings.Lines(lines) {
		if !strings.HasSuffix(line, "\n") {
			break
		}
		var r Result
		if err := decode([]byte(line), &r); err != nil {
			return nil, fmt.Errorf("a test process wrote a result that is not understood (%w); the tool and package sim must be of one version: %q", err, text.Cut(strings.TrimSpace(line), 120))
		}
		results = append(results, r)
	}
	return results, nil
}

// decode reads a line that this package defines, all of it.
func decode(line []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if dec.More() {
		return errors.New("something follows after its end")
	}
	return nil
}

// Counted is how many events a goroutine has had, as URW and SURW want to know.
type Counted struct {
	Who    uint64      `json:"who"`
	By     int         `json:"by"`     // who started it, as the place of that one in the list; or -1
	Events [][2]uint64 `json:"events"` // a kind, and how many of it
}

// Families is what was counted, for pick.WeightsOf.
func (r *Result) Families() []pick.Counted {
	all := make([]pick.Counted, len(r.Counted))
	for i, c := range r.Counted {
		all[i] = pick.Counted{ID: c.Who, By: min(c.By, i-1)}
		for _, e := range c.Events {
			all[i].Events[e[0]%pick.EventKinds] += e[1]
		}
	}
	return all
}
