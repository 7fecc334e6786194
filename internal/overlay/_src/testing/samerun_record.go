package testing

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	_ "unsafe" // for go:linkname
)

// These are in package runtime.

//go:linkname samerunRecordTo
func samerunRecordTo(fd int32)

//go:linkname samerunReplay
func samerunReplay(keys, values []uint64, order []uint32, met []byte)

//go:linkname samerunReadyKey
func samerunReadyKey(who, readied uint64) uint64

//go:linkname samerunNamedDraw
func samerunNamedDraw(who uint64, stream, function string, nth uint64) (key uint64, ok bool)

//go:linkname samerunRecordFailed
func samerunRecordFailed() bool

// samerunRecordFile stays open until the process ends.
var samerunRecordFile *os.File

// samerunDeviation is one of those of package runtime.
type samerunDeviation struct {
	key, value uint64
	index      int // in the file
}

// samerunPlan is how a test runs that is replayed.
type samerunPlan struct {
	all []samerunDeviation // by key
	met []byte             // of each, what became of it: 0 if it was not met, 1 if it was, 2 if in part
}

// samerunPicks is the deviations of each test, if a record is replayed. Tests that it does
// not have run the calm course; of a record, but not of a plan, that is told.
var (
	samerunPicks       map[string]*samerunPlan
	samerunPicksRecord bool
)

// samerunReplayTest lets a test run as its record says.
func samerunReplayTest(name string) {
	plan := samerunPicks[name]
	if plan == nil {
		plan = new(samerunPlan)
	}
	keys, values, order := make([]uint64, len(plan.all)), make([]uint64, len(plan.all)), make([]uint32, len(plan.all))
	for i, d := range plan.all {
		keys[i], values[i], order[i] = d.key, d.value, uint32(d.index)
	}
	clear(plan.met)
	samerunReplay(keys, values, order, plan.met)
}

// came lists the deviations of which a constant of package runtime says what became of
// them, by their places in the file, from 0.
func (p *samerunPlan) came(to byte) []int {
	list := []int{}
	for i, d := range p.all {
		if p.met[i] == to {
			list = append(list, d.index)
		}
	}
	slices.Sort(list)
	return list
}

// What becomes of a deviation.
const (
	samerunUnmet  = 0
	samerunCutOff = 2
)

// samerunReplayedJSON is the part of the line of results that is about the deviations of a test.
func samerunReplayedJSON(name string) string {
	plan := samerunPicks[name]
	if plan == nil {
		return ""
	}
	list := func(all []int) string { return strings.ReplaceAll(fmt.Sprint(all), " ", ",") }
	return fmt.Sprintf(`,"deviations":%d,"missed":%s,"cut":%s`, len(plan.all), list(plan.came(samerunUnmet)), list(plan.came(samerunCutOff)))
}

// samerunTellMisfit says so if the test that has ended did not run as its record says.
func samerunTellMisfit(name string) {
	plan := samerunPicks[name]
	switch {
	case plan == nil && samerunPicksRecord:
		fmt.Fprintf(os.Stderr, "samerun: %s: the record has nothing of this test: goroutines took turns in the order in which they became ready\n", name)
	case plan != nil && samerunPicksRecord:
		if unmet, cut := len(plan.came(samerunUnmet)), len(plan.came(samerunCutOff)); unmet+cut > 0 {
			fmt.Fprintf(os.Stderr, "samerun: %s: the record does not fit this code: %d of its %d deviations were met\n", name, len(plan.all)-unmet-cut, len(plan.all))
		}
	}
}

// samerunOpenRecords opens the file that a record goes to, and reads the one that
// is to be replayed. These are not read as settings of the test: a result that
// the go command has kept leaves no record.
func samerunOpenRecords() {
	if name := os.Getenv("SAMERUN_RECORD"); name != "" {
		f, err := os.Create(name)
		if err != nil {
			samerunGiveUp("the record cannot be written", err)
		}
		samerunRecordFile = f
		samerunRecordTo(int32(f.Fd()))
	}
	if name := os.Getenv("SAMERUN_PICKS"); name != "" {
		data, err := samerunReadRecord(name)
		if err == nil {
			err = samerunParsePicks(string(data))
		}
		if err != nil {
			samerunGiveUp("the record cannot be replayed", err)
		}
	}
}

// samerunReadRecord reads a record. Another thing than a file, such as a named pipe that
// nobody writes to, would hold the process up.
func samerunReadRecord(name string) ([]byte, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	return os.ReadFile(name)
}

// samerunCheckRecord ends the process if the record of the test that has ended is not
// whole.
func samerunCheckRecord() {
	if samerunRecordFile != nil && samerunRecordFailed() {
		samerunGiveUp("the record cannot be written whole", fmt.Errorf("is there room where %s is?", samerunRecordFile.Name()))
	}
}

func samerunGiveUp(what string, err error) {
	fmt.Fprintf(os.Stderr, "samerun: %s: %v\n", what, err)
	os.Exit(2)
}

// samerunParsePicks reads the deviations in a record (samerun_record.go), or in a part of one: turns
// for which others went first, and the draws for choices that have a calm way. Instead
// of such lines there may be those of a plan, which a replay file has been made into:
//
//	plan
//	test TestX seed 7
//	deviate turn 1a2b3c4d5e6f7081 7 2
//	deviate draw 1a2b3c4d5e6f7081 point 4@(*Raft).tick 0
//
// A turn has the goroutine, the how manieth time it is ready, and how many go first; a
// draw has the goroutine, the stream, which of the draws there, and what is drawn, as 16
// hexadecimal digits.
func samerunParsePicks(text string) error {
	samerunPicks, samerunPicksRecord = make(map[string]*samerunPlan), true
	of := strconv.FormatUint(samerunSeed(), 10)
	var plan *samerunPlan
	n := 0
	for line := range strings.Lines(text) {
		n++
		words := strings.Fields(line)
		var d samerunDeviation
		var deviates, good bool
		switch {
		case len(words) == 0 || words[0][0] == '#':
			continue
		case words[0] == "plan" && len(words) == 1:
			samerunPicksRecord = false
			continue
		case words[0] == "test" && len(words) == 4:
			if words[3] != of {
				return fmt.Errorf("line %d is of another seed than %s: %q", n, of, line)
			}
			plan = new(samerunPlan)
			samerunPicks[words[1]] = plan
			continue
		case plan == nil:
		case words[0] == "go" && len(words) >= 4:
			good = true
		case (words[0] == "turn" || words[0] == "left") && len(words) >= 5:
			if good = len(words) == 5 || words[5][0] != '+'; !good {
				shift, readied, _ := strings.Cut(words[5][1:], "@")
				d, good = samerunTurnOf(words[4], readied, shift)
				deviates = true
			}
		case words[0] == "draw" && len(words) >= 6:
			d, deviates, good = samerunDrawOf(words[5], words[2], words[3], words[4])
		case words[0] == "deviate" && len(words) == 5 && words[1] == "turn":
			d, good = samerunTurnOf(words[2], words[3], words[4])
			deviates = true
		case words[0] == "deviate" && len(words) == 6 && words[1] == "draw":
			if d, deviates, good = samerunDrawOf(words[2], words[3], words[4], words[5]); !deviates {
				good = false
			}
		}
		if !good {
			return fmt.Errorf("line %d is none of a record: %q", n, line)
		}
		if deviates {
			d.index = len(plan.all)
			plan.all = append(plan.all, d)
		}
	}
	for name, plan := range samerunPicks {
		slices.SortFunc(plan.all, func(a, b samerunDeviation) int { return cmp.Compare(a.key, b.key) })
		for i := range plan.all[min(1, len(plan.all)):] {
			if plan.all[i].key == plan.all[i+1].key {
				return fmt.Errorf("%s: the deviations %d and %d are of the same turn or draw", name, plan.all[i].index+1, plan.all[i+1].index+1)
			}
		}
		plan.met = make([]byte, len(plan.all))
	}
	return nil
}

// samerunTurnOf reads the deviation of a turn.
func samerunTurnOf(who, readied, shift string) (d samerunDeviation, ok bool) {
	id, err1 := strconv.ParseUint(who, 16, 64)
	nth, err2 := strconv.ParseUint(readied, 10, 64)
	value, err3 := strconv.ParseUint(shift, 10, 32)
	return samerunDeviation{key: samerunReadyKey(id, nth), value: value}, err1 == nil && err2 == nil && err3 == nil && value > 0
}

// samerunDrawOf reads a draw, and reports whether it is one for a choice that has a calm way.
func samerunDrawOf(who, stream, number, drawn string) (d samerunDeviation, deviates, ok bool) {
	number, function, _ := strings.Cut(number, "@")
	id, err1 := strconv.ParseUint(who, 16, 64)
	nth, err2 := strconv.ParseUint(number, 10, 64)
	value, err3 := strconv.ParseUint(drawn, 16, 64)
	key, deviates := samerunNamedDraw(id, stream, function, nth)
	return samerunDeviation{key: key, value: value}, deviates, err1 == nil && err2 == nil && err3 == nil
}
