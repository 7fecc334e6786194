package ordinary

import (
	"encoding/hex"
	"slices"
	"strings"

	"samerun/internal/overlay/leaf/traffic"
	"samerun/internal/sent"
	"samerun/internal/story"
	"samerun/internal/wire"
)

// mostSent is how many lines a report has of what was sent.
const mostSent = 20

// tellSent draws what went over the links of a test in so many rows, what matters of it if it
// is much; it is empty if nothing did, or if nobody has noted it.
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
	lane := func(name string) story.Lane { return story.Lane{Index: slices.Index(lanes, name) + 1, Name: name} }
	var told []story.Event
	for i := range events {
		x := &events[i]
		if x.At > end.VirtualNS || x.FromName == "" || x.ToName == "" {
			continue // it was on its way when the test ended, or came to nobody
		}
		told = append(told, sent.Event(x, lane(x.FromName), lane(x.ToName)))
	}
	e := story.Pick(told, int(left), end.Error, room)
	if len(e.Rows) == 0 {
		return ""
	}
	return "\n\n" + e.Title() + ":\n  " + strings.Join(e.Diagram(), "\n  ")
}
