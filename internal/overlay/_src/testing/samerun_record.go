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
func samerunReplay(keys []uint64, shifts []uint32, spent []bool)

//go:linkname samerunReplayed
func samerunReplayed() (used int, fits bool)

//go:linkname samerunReadyKey
func samerunReadyKey(id, readied uint64) uint64

//go:linkname samerunRecordFailed
func samerunRecordFailed() bool

// samerunRecordFile stays open until the process ends.
var samerunRecordFile *os.File

// samerunDeviation is one of those of package runtime.
type samerunDeviation struct {
	key   uint64
	shift uint32
}

// samerunPicks is the deviations of each test, if a record is replayed.
var samerunPicks map[string][]samerunDeviation

// samerunReplayTest lets a test run as its record says.
func samerunReplayTest(name string) {
	all := samerunPicks[name]
	keys, shifts := make([]uint64, len(all)), make([]uint32, len(all))
	for i, d := range all {
		keys[i], shifts[i] = d.key, d.shift
	}
	samerunReplay(keys, shifts, make([]bool, len(all)))
}

// samerunTellMisfit says so if the test that has ended did not run as its record says.
func samerunTellMisfit(name string) {
	all, recorded := samerunPicks[name]
	used, fits := samerunReplayed()
	switch {
	case !recorded:
		fmt.Fprintf(os.Stderr, "samerun: %s: the record has nothing of this test: goroutines took turns in the order in which they became ready\n", name)
	case used < len(all) || !fits:
		fmt.Fprintf(os.Stderr, "samerun: %s: the record does not fit this code: %d of its %d deviations were met\n", name, used, len(all))
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
		data, err := os.ReadFile(name)
		if err == nil {
			samerunPicks, err = samerunParsePicks(string(data))
		}
		if err != nil {
			samerunGiveUp("the record cannot be replayed", err)
		}
	}
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

// samerunParsePicks reads the deviations in a record, or in a part of one: turns
// for which others went first, and the draws for choices that have a calm way.
func samerunParsePicks(text string) (map[string][]samerunDeviation, error) {
	picks := make(map[string][]samerunDeviation)
	seed := samerunSeed()
	test, of := "", strconv.FormatUint(seed, 10)
	n := 0
	for line := range strings.Lines(text) {
		n++
		words := strings.Fields(line)
		bad := func(what string) error { return fmt.Errorf("line %d %s: %q", n, what, line) }
		switch {
		case len(words) == 0 || words[0][0] == '#':
		case words[0] == "test" && len(words) == 4:
			if words[3] != of {
				return nil, bad("is of another seed than " + of)
			}
			test = words[1]
			picks[test] = nil
		case test == "":
			return nil, bad("is none of a record")
		case (words[0] == "turn" || words[0] == "left") && len(words) >= 5:
			if len(words) == 5 || words[5][0] != '+' {
				break
			}
			id, err1 := strconv.ParseUint(words[4], 16, 64)
			first, ready, _ := strings.Cut(words[5][1:], "@")
			shift, err2 := strconv.ParseUint(first, 10, 32)
			readied, err3 := strconv.ParseUint(ready, 10, 64)
			if err1 != nil || err2 != nil || err3 != nil {
				return nil, bad("does not say who waits for how many")
			}
			picks[test] = append(picks[test], samerunDeviation{samerunReadyKey(id, readied), uint32(shift)})
		case words[0] == "draw" && len(words) >= 6:
			if !slices.Contains([]string{"select", "timer", "point", "stall", "delay"}, words[2]) {
				break
			}
			x, err := strconv.ParseUint(words[4], 16, 64)
			if err != nil {
				return nil, bad("has no draw")
			}
			picks[test] = append(picks[test], samerunDeviation{key: x})
		default:
			return nil, bad("is none of a record")
		}
	}
	for _, all := range picks {
		slices.SortFunc(all, func(a, b samerunDeviation) int { return cmp.Compare(a.key, b.key) })
	}
	return picks, nil
}
