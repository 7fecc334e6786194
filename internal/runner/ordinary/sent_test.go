package ordinary

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"samerun/internal/overlay/leaf/traffic"
	"samerun/internal/wire"
)

// sentBy is the result of a test of which so many pieces are told.
func sentBy(n int) *wire.Result {
	var l traffic.TrafficLog
	for i := range n {
		e := traffic.TrafficEvent{
			At: int64(i+2) * 1e6, Sent: int64(i+1) * 1e6, What: traffic.TrafficPiece, Fate: traffic.TrafficArrives, Conn: 1, Nth: uint64(i + 1), Size: 20,
			FromName: "TestX", ToName: "listener 1",
		}
		if i%2 == 1 {
			e.FromName, e.ToName, e.Back, e.Fate = e.ToName, e.FromName, true, traffic.TrafficCut
		}
		l.Add(e, fmt.Appendf(nil, "GET /%d HTTP/1.1\r\n\xff", i))
	}
	nums, texts := l.Flat(n)
	for i := 0; i < len(texts); i += 3 {
		texts[i] = hex.EncodeToString([]byte(texts[i]))
	}
	return &wire.Result{VirtualNS: 1e9, Faults: &wire.Faults{Ends: []string{"listener 1 = 127.0.0.1:80", "TestX = main"}, Sent: &wire.Sent{Nums: nums, Texts: texts}}}
}

func TestTellSent(t *testing.T) {
	want := `

all that happened, each message where it arrives (▶) or is lost (╳):
              listener 1   TestX
  0.002000s        ◀─────────┤  GET /0 #1.1
  0.003000s        ├────────╳│  GET /1 #1.2 cut off`
	if got := tellSent(sentBy(2), mostSent); got != want {
		t.Errorf("%s\nwant%s", got, want)
	}
	many := tellSent(sentBy(30), mostSent)
	if !strings.HasPrefix(many, "\n\nwhat led to it (") || !strings.Contains(many, " of 30 events), each") || !strings.Contains(many, "GET /29 ") || !strings.Contains(many, "… ") || strings.Count(many, "\n") > mostSent+3 {
		t.Error(many)
	}
	later := sentBy(2)
	later.VirtualNS = 2e6
	if got := tellSent(later, mostSent); !strings.Contains(got, "GET /0") || strings.Contains(got, "GET /1 ") {
		t.Errorf("what is on its way is told:%s", got)
	}
	for _, r := range []*wire.Result{nil, {}, {Faults: &wire.Faults{}}, sentBy(0)} {
		if got := tellSent(r, mostSent); got != "" {
			t.Errorf("%+v: %q", r, got)
		}
	}
	bad := sentBy(1)
	bad.Faults.Sent.Texts[0] = "x"
	short := sentBy(1)
	short.Faults.Sent.Nums = short.Faults.Sent.Nums[1:]
	if got := tellSent(bad, mostSent) + tellSent(short, mostSent); got != "" {
		t.Errorf("what is not understood is told: %s", got)
	}
}
