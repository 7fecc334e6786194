package ordinary

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"samerun/internal/overlay/leaf/traffic"
	"samerun/internal/sent"
	"samerun/internal/story"
	"samerun/internal/wire"
)

// sentLast is how many rows of what was sent a report has, as the story of a world has.
const sentLast = 16

// tellSent draws the last of what went over the links of a test that has faults; it is empty if
// nothing did, or if nobody has noted it.
func tellSent(end *wire.Result) string {
	if end == nil || end.Faults == nil || end.Faults.Sent == nil {
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
	var e story.Ending
	for i := range events {
		x := &events[i]
		if x.At > end.VirtualNS || x.FromName == "" || x.ToName == "" {
			continue // it was on its way when the test ended, or came to nobody
		}
		row, _, _ := sent.Row(x, lane(x.FromName), lane(x.ToName))
		e.Rows = append(e.Rows, row)
	}
	e.All = int(left) + len(e.Rows)
	e.Rows = e.Rows[max(0, len(e.Rows)-sentLast):]
	if len(e.Rows) == 0 {
		return ""
	}
	what := "what was sent"
	if n := len(e.Rows); e.All > n {
		what += fmt.Sprintf(" (the last %d of %d)", n, e.All)
	}
	return "\n\n" + what + ", each message where it arrives (▶) or is lost (╳):\n  " + strings.Join(e.Diagram(), "\n  ")
}
