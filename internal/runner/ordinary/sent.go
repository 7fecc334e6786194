package ordinary

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"samerun/internal/overlay/leaf/traffic"
	"samerun/internal/sent"
	"samerun/internal/story"
	"samerun/internal/wire"
)

// mostSent is how many lines a report has of what was sent.
const mostSent = 20

// tellCallsAlone draws what a copy of labrpc has carried in a test that has sent nothing over sockets,
// where tellSent draws both.
func (u *Runner) tellCallsAlone(run *Run, test string, room int) string {
	end := endOf(test, run)
	if room == 0 || end == nil || end.Calls == nil || end.Faults != nil && end.Faults.Sent != nil {
		return ""
	}
	_, said := u.saidLast(run.End.Output, test)
	return tellCalls(end, said, room)
}

// tellSent draws what went over the links of a test in so many rows, and by a copy of labrpc, what
// matters of it if it is much; it is empty if nothing did, or if nobody has noted it.
func tellSent(end *wire.Result, room int) string {
	if room == 0 || end == nil || end.Faults == nil || end.Faults.Sent == nil {
		return ""
	}
	texts := slices.Clone(end.Faults.Sent.Texts)
	for i := 0; i < len(texts); i += 3 {
		head, err := hex.DecodeString(texts[i])
		if err != nil {
			return ""
		}
		texts[i] = string(head)
	}
	events, left, ok := traffic.TrafficOf(end.Faults.Sent.Nums, texts)
	if !ok {
		return ""
	}
	sent.Sort(events)
	lanes, _ := endsOf(end)
	calls := callsOf(end)
	if calls != nil {
		lanes = slices.Concat(lanes, calls.Lanes)
	}
	lane := laneOf(lanes)
	var told []story.Event
	for i := range events {
		x := &events[i]
		if x.At > end.VirtualNS || x.FromName == "" || x.ToName == "" {
			continue // it was on its way when the test ended, or came to nobody
		}
		told = append(told, sent.Event(x, lane(x.FromName), lane(x.ToName)))
	}
	silence := ""
	if calls != nil {
		left += uint64(calls.Left)
		told = append(told, calls.Events(lane)...)
		slices.SortStableFunc(told, func(a, b story.Event) int { return cmp.Compare(a.At, b.At) })
		silence = calls.Silence(time.Duration(end.VirtualNS))
	}
	return drawn(told, int(left), end.Error, silence, room)
}

// laneOf says where a name of a list is drawn.
func laneOf(lanes []string) func(name string) story.Lane {
	return func(name string) story.Lane {
		if at := slices.Index(lanes, name); at >= 0 {
			return story.Lane{Index: at + 1, Name: name}
		}
		return story.Lane{}
	}
}

// drawn is what happened as a diagram of so many rows, under a title.
func drawn(events []story.Event, left int, failure, silence string, room int) string {
	if e := story.Pick(events, left, failure, room); len(e.Rows) > 0 {
		text := "\n\n" + e.Title() + ":\n  " + strings.Join(e.Diagram(), "\n  ")
		if silence != "" {
			text += "\n  " + silence
		}
		return text
	}
	return ""
}
