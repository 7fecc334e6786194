package ordinary

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"samerun/internal/records"
	"samerun/internal/tracefile"
)

// turns adds the goroutines of the test, their turns and the draws from a record.
func (x *tracing) turns(record string) error {
	roots := map[uint64]string{}
	err := x.lines(record, func(l *records.Line) {
		if l.Kind == "turn" && l.Root != "" && roots[l.ID] == "" {
			root, _, _ := strings.Cut(l.Root, ":")
			roots[l.ID] = root
		}
	})
	if err != nil {
		return err
	}
	name := func(id uint64) string {
		short := fmt.Sprintf("%016x", id)[:8]
		if id == 0 {
			return "a timer"
		}
		if root := roots[id]; root != "" {
			return root + " " + short
		}
		return "goroutine " + short
	}
	var turn uint64 // the event of the turn that goes on
	began := map[uint64]uint64{}
	waits := waits{x: x, name: name, by: map[uint64]*waiting{}, at: map[uint64]*waitedFor{}, names: map[string]int{}}
	nodes, lives := x.machines(), map[uint64]string{}
	return x.lines(record, func(l *records.Line) {
		e := tracefile.Event{At: x.last, Cause: turn, Task: name(l.ID), Where: strings.Join(l.Frames, " < ")}
		switch l.Kind {
		case "go":
			e.Kind, e.Text = tracefile.Go, "started by "+name(l.By)
			began[l.ID] = x.b.Add(e)
		case "turn":
			waits.over(l.ID) // by something outside, at a time that is chance
			x.last = int64(l.At)
			e.At, e.Kind, e.Cause, e.Text = x.last, tracefile.Turn, began[l.ID], turnText(l)
			turn = x.b.Add(e)
			began[l.ID] = turn
		case "waits":
			waits.begins(l, turn)
		case "woken":
			if n := waits.ends(l, turn); n != 0 {
				began[l.ID] = n
			}
		case "lives":
			lives[l.ID] = nodes[int(l.Node)]
		case "said":
			e.Node = lives[l.ID]
			e.Kind, e.At = tracefile.Output, int64(l.At)
			if l.Stream == "log" {
				e.Kind = tracefile.Log
			}
			e.Text = strings.TrimRight(l.Said, "\n")
			x.b.Add(e)
		case "draw":
			e.Kind, e.Method, e.Nth, e.Text = tracefile.Draw, l.Stream, l.Nth, drawText(l)
			x.b.Add(e)
		}
	})
}

// lines hands out the lines of a record that are about the test.
func (x *tracing) lines(record string, take func(l *records.Line)) error {
	f, err := os.Open(record)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // no test was begun
	}
	if err != nil {
		return err
	}
	defer f.Close()
	in, mine, n := records.NewReader(f), false, 0
	for {
		line, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the record of a run cannot be read: %w", err)
		}
		l, err := records.Parse(string(line))
		if err != nil {
			return err
		}
		if l.Kind == "test" {
			mine = l.Test == x.test
			continue
		}
		if !mine {
			continue
		}
		if n++; n > tracefile.MostEvents/2 {
			return fmt.Errorf("the run has more than %d turns and draws; trace a shorter one", tracefile.MostEvents/2)
		}
		take(&l)
	}
}

// turnText says what else could have had a turn, if anything could.
func turnText(l *records.Line) string {
	var words []string
	if l.Ready > 1 {
		words = append(words, fmt.Sprintf("chosen of %d that were ready", l.Ready))
	}
	if l.Waits > 0 {
		words = append(words, fmt.Sprintf("%d that became ready later went first", l.Waits))
	}
	return strings.Join(words, "; ")
}

// drawText says what was drawn.
func drawText(l *records.Line) string {
	switch l.Stream {
	case "stall", "begin", "delay":
		return fmt.Sprint(time.Duration(l.Value))
	case "point":
		return "others go first"
	case "start":
		return "the new goroutine goes first"
	}
	return strconv.FormatUint(l.Value, 10)
}
