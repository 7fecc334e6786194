package records

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samerun/sim/replay"
)

const placedRecord = `test TestA seed 7
go 1 0000000000000005 0000000000000001 a.Start:12
go 1 0000000000000006 0000000000000000 a.Start.func2:0
turn 2 0.000200000s 1/2 0000000000000005 +2@3 sync.(*Mutex).Lock:40 < a.(*T).tick:9 .. a.(*T).run:4
draw 2 select 7 0000000000000001 0000000000000005 a.(*T).run:5
draw 2 timer 2 00000000000000ff 0000000000000005 a.(*T).run:6
draw 2 user 1 00000000000000ff 0000000000000005 a.(*T).run:6
draw 2 point 12@(*T).tick 0000000000000000 0000000000000005 a.(*T).tick:9 < a.(*T).run:4
draw 3 stall 1@f 0000000000004e20 0000000000000001 a.f:1 < a.TestA:2
draw 3 begin 1 0000000000004e20 0000000000000006 a.Start:13 < a.TestA:2
draw 3 delay 21 0000000000000000 0000000000000001 a.f:1 < a.TestA:2
draw 3 delay 22 00000000000f4240 0000000000000001 a.f:1 < a.TestA:2
left 3 0.000400000s -/1 0000000000000006 +1@1
test TestB seed 7
draw 1 point 1@g 0000000000000000 0000000000000001 a.g:1
`

func TestOf(t *testing.T) {
	file := filepath.Join(t.TempDir(), "record")
	if err := os.WriteFile(file, []byte(placedRecord), 0o666); err != nil {
		t.Fatal(err)
	}
	d, err := ReadDeviations(file)
	if err != nil {
		t.Fatal(err)
	}
	p := &replay.File{Test: "TestA", Seed: 7, Deviations: d.Of("TestA")}
	const plan = `plan
test TestA seed 7
deviate turn 0000000000000005 3 2
deviate draw 0000000000000005 select 7 0000000000000001
deviate draw 0000000000000005 timer 2 00000000000000ff
deviate draw 0000000000000005 point 12@(*T).tick 0000000000000000
deviate draw 0000000000000001 stall 1@f 0000000000004e20
deviate draw 0000000000000006 begin 1 0000000000004e20
deviate draw 0000000000000001 delay 21 0000000000000000
deviate draw 0000000000000001 delay 22 00000000000f4240
deviate turn 0000000000000006 1 1
`
	if got := Plan(p); got != plan {
		t.Errorf("%s\nwant\n%s", got, plan)
	}
	const places = `turn of a.(*T).run (started by a.Start), ready for the 3rd time, at a.(*T).tick:9: 2 that became ready later go first
a.(*T).run (started by a.Start), draw 7 for a select, at a.(*T).run:5: it looks at its cases in another order
a.(*T).run (started by a.Start), the 2nd timer that it makes, at a.(*T).run:6: fires before or behind others of its instant
a.(*T).run (started by a.Start), the 12th point in (*T).tick, at a.(*T).tick:9 < a.(*T).run:4: others go first
a.TestA, the 1st point in f, at a.f:1 < a.TestA:2: held up for 20µs
goroutine 0000000000000006 (started by a.Start.func2), at a.Start:13 < a.TestA:2: begins late, after 20µs
a.TestA, the 21st time that it sends, at a.f:1 < a.TestA:2: arrives early, after 0s
a.TestA, the 22nd time that it sends, at a.f:1 < a.TestA:2: arrives late, after 1ms
turn of goroutine 0000000000000006 (started by a.Start.func2), ready for the 1st time: 1 that became ready later goes first
`
	var got strings.Builder
	for _, one := range p.Deviations {
		got.WriteString(one.Key() + "\n")
	}
	if got.String() != places {
		t.Errorf("%s\nwant\n%s", got.String(), places)
	}
}
