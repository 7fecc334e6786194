package fault

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestValidateSaysWhatIsWrong(t *testing.T) {
	a, b, all := []string{"a"}, []string{"b"}, []string{"*"}
	many := names(MaxNames + 1)
	for _, c := range []struct {
		f    Fault
		want string
	}{
		{Fault{}, "kind is missing; it is latency, "},
		{Fault{Kind: "cutt"}, `"cutt" is not a known kind; did you mean "cut"?`},

		{Fault{Kind: Cut, To: b}, `cut: from is missing; name the nodes that send, or "*" for all`},
		{Fault{Kind: Cut, From: a}, `cut: to is missing; name the nodes that receive, or "*" for all`},
		{Fault{Kind: Pause}, `pause: nodes is missing; name the nodes it befalls, or "*" for all`},
		{Fault{Kind: Drop, From: a, To: b}, "drop: nth is missing; say which message is meant, counted from 1"},
		{Fault{Kind: Loss, From: a, To: b}, "loss: ppm is missing; give parts per million, such as 10000 for 1 %"},
		{Fault{Kind: Bandwidth, From: a, To: b}, "bandwidth: bytes is missing; give bytes per second, at least 1"},
		{Fault{Kind: Latency, From: a, To: b}, `latency: min is missing; give a duration that is not zero, such as "300ms"`},
		{Fault{Kind: Jump, Nodes: a}, `jump: offset is missing; give a duration that is not zero, such as "300ms"`},
		{Fault{Kind: Slow, Nodes: a}, "slow: ppm, min and max are all missing; say how much slower, or how long each message waits"},

		{Fault{Kind: Pause, Nodes: a, From: a}, "pause: it has no field from; leave it out (the fields of this kind are at, for, nodes, boot)"},
		{Fault{Kind: Drop, From: a, To: b, Nth: 1, At: 1}, "drop: it has no field at; leave it out (the fields of this kind are from, to, method, dir, nth, conn)"},
		{Fault{Kind: Cut, From: a, To: b, Nth: 1}, "cut: it has no field nth; leave it out ("},
		{Fault{Kind: Split, Nodes: all, Boot: 1}, "split: it has no field boot; leave it out ("},
		{Fault{Kind: Pause, Nodes: a, Boot: -1}, "pause: boot is -1; it must lie between 0 and 1000000000"},

		{Fault{Kind: Cut, From: a, To: b, Dir: 9}, "cut: dir is 9; it is both, request or reply"},
		{Fault{Kind: Latency, From: a, To: b, Min: 1, Shape: 9}, "latency: shape is 9; it is fixed, uniform, exponential or longtail"},

		{Fault{Kind: Pause, Nodes: []string{""}}, "pause: nodes has an empty name; leave it out or name a node"},
		{Fault{Kind: Pause, Nodes: []string{"@"}}, `pause: nodes has the name "@" alone; write the role or the domain after it`},
		{Fault{Kind: Pause, Nodes: []string{"%"}}, `pause: nodes has the name "%" alone; write the role or the domain after it`},
		{Fault{Kind: Pause, Nodes: []string{"a", "b", "a"}}, `pause: nodes names "a" twice; name it once`},
		{Fault{Kind: Pause, Nodes: []string{"a", "*"}}, `pause: nodes has other names next to "*", which is all nodes; leave them out`},
		{Fault{Kind: Pause, Nodes: []string{long(201)}}, "pause: nodes is 201 bytes long, more than 200; use a shorter name"},
		{Fault{Kind: Pause, Nodes: []string{"\xff"}}, `pause: nodes is "\xff", which is not UTF-8; use another name`},
		{Fault{Kind: Pause, Nodes: []string{"a\nb"}}, `pause: nodes is "a\nb", which has a control character; use another name`},
		{Fault{Kind: Pause, Nodes: many}, `pause: nodes has 100001 names, more than 100000; use "*" for all nodes, or a %domain`},
		{Fault{Kind: Cut, From: a, To: b, Method: long(201)}, "cut: method is 201 bytes long, more than 200; use a shorter name"},
		{Fault{Kind: Torn, Nodes: a, File: "\x00"}, `torn: file is "\x00", which has a control character; use another name`},
		{Fault{Kind: Cut, From: a, To: a}, `cut: from and to are both "a"; a node has no link to itself, so name two`},

		{Fault{Kind: Pause, Nodes: a, At: -1}, "pause: at is -1ns; it must not be negative"},
		{Fault{Kind: Pause, Nodes: a, For: MaxTime + 1}, "pause: for is 87600h0m0.000000001s, more than ten years; use a shorter one"},
		{Fault{Kind: Jump, Nodes: a, Offset: -MaxTime - 1}, "jump: offset is -87600h0m0.000000001s, beyond ten years; use a smaller one"},
		{Fault{Kind: Loss, From: a, To: b, PPM: Million + 1}, "loss: ppm is 1000001; it must lie between 0 and 1000000"},
		{Fault{Kind: Loss, From: a, To: b, PPM: -1}, "loss: ppm is -1; it must lie between 0 and 1000000"},
		{Fault{Kind: Drift, Nodes: a, PPM: -500_001}, "drift: ppm is -500001; it must lie between -500000 and 500000"},
		{Fault{Kind: Slow, Nodes: a, PPM: MaxSlow + 1}, "slow: ppm is 1000000001; it must lie between 0 and 1000000000"},
		{Fault{Kind: Bandwidth, From: a, To: b, Bytes: -1}, "bandwidth: bytes is -1; it must lie between 0 and 9007199254740991"},
		{Fault{Kind: Bandwidth, From: a, To: b, Bytes: 1, Queue: -1}, "bandwidth: queue is -1; it must lie between 0 and 1000000000"},
		{Fault{Kind: Drop, From: a, To: b, Nth: 1 << 60}, "drop: nth is 1152921504606846976; it must lie between 1 and 9007199254740991"},

		{Fault{Kind: Reorder, From: a, To: b, PPM: 1, Min: 2, Max: 1}, "reorder: max is 1ns, less than min, which is 2ns; make max the larger one"},
		{Fault{Kind: Latency, From: a, To: b, Min: 1, Max: 2}, `latency: min is 1ns and max is 2ns, but shape is fixed; leave max out, or say how it spreads, such as "uniform"`},
		{Fault{Kind: Latency, From: a, To: b, Min: 1, Shape: LongTail}, "latency: shape is longtail, but max is missing; give the longest delay"},
		{Fault{Kind: Partition, Nodes: a, For: time.Microsecond}, "partition: for is 1µs; a partition lasts at least 1ms, or leave it out for one until quiet"},
		{Fault{Kind: Flapping, Nodes: a, Period: time.Microsecond}, "flapping: period is 1µs; it must be at least 1ms"},
		{Fault{Kind: Flapping, Nodes: a, Period: time.Second, For: time.Second - 1}, "flapping: for is 999.999999ms, less than one period of 1s; make it last longer"},
		{Fault{Kind: Swizzle, Nodes: all, Period: time.Microsecond}, "swizzle: period is 1µs; it must be at least 1ms"},
		{Fault{Kind: Swizzle, Nodes: all, Period: time.Second, For: 2*time.Second - 1}, "swizzle: for is 1.999999999s, less than two periods of 1s, to clog and to release; make it last longer"},
	} {
		err := c.f.Validate()
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v\nwant %s", err, c.want)
			continue
		}
		inList := Schedule{Faults: []Fault{{Kind: Pause, Nodes: all}, c.f}}.Validate()
		if inList == nil || inList.Error() != "faults[1], "+err.Error() {
			t.Errorf("in a schedule: %v", inList)
		}
	}
}

func TestValidateSchedule(t *testing.T) {
	pause := Fault{Kind: Pause, Nodes: []string{"*"}}
	for _, c := range []struct {
		s    Schedule
		want string
	}{
		{Schedule{}, ""},
		{Schedule{Faults: []Fault{pause}, Quiet: MaxTime}, ""},
		{Schedule{Faults: make([]Fault, MaxFaults+1)}, "the schedule has 100001 elements, more than 100000; make it smaller"},
		{Schedule{Quiet: -1}, "quiet is -1ns; it must not be negative"},
		{Schedule{Quiet: MaxTime + 1}, "quiet is 87600h0m0.000000001s, more than ten years; use a shorter one"},
	} {
		got := ""
		if err := c.s.Validate(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// Taking any one field away from an example, or adding any one, gives exactly
// what the table says.
func TestValidateFollowsTheTable(t *testing.T) {
	full := Fault{
		From: []string{"a"}, To: []string{"b"}, Nodes: []string{"c"}, At: time.Second, For: time.Second, Boot: 1, Method: "M",
		Dir: Reply, Nth: 1, PPM: 1, Shape: Uniform, Min: 1, Max: 2, Bytes: 1, Queue: 1, Period: time.Second / 4, Offset: 1, File: "f", Conn: 1, Sectors: 1,
	}
	for _, info := range Kinds() {
		for _, field := range allFields.List() {
			all := info.Required | info.Optional&^FieldShape&^FieldMax
			if info.Group == Disks && !info.picks() {
				all &^= FieldNth | FieldSectors // they stand in the place of others: see TestValidatePicksOnDisks
			}
			if info.Kind == Short {
				all &^= FieldBytes // of the write that nth means
			}
			f := fill(full, all)
			f.Kind = info.Kind
			if err := f.Validate(); err != nil {
				t.Fatalf("%s with all fields: %v", info.Kind, err)
			}
			without := fill(f, f.isSet()&^field)
			without.Kind = info.Kind
			if err := without.Validate(); (err != nil) != (info.Required&field != 0 || (info.Kind == SyncFail || info.Kind == Short) && field == FieldPPM) {
				t.Errorf("%s without %s: %v", info.Kind, field, err)
			}
			with := fill(full, f.isSet()|field)
			with.Kind = info.Kind
			err := with.Validate()
			if want := fmt.Sprintf("%s: it has no field %s;", info.Kind, field); !info.Uses(field) && (err == nil || !strings.HasPrefix(err.Error(), want)) {
				t.Errorf("%s with %s: %v", info.Kind, field, err)
			}
		}
	}
}

// An element that picks an operation of a disk has what goes with that, and nothing else.
func TestValidatePicksOnDisks(t *testing.T) {
	a := []string{"a"}
	for _, f := range []Fault{
		{Kind: Lose, Nodes: []string{"*"}, File: "f", Nth: 1},
		{Kind: Lose, Nodes: []string{"%rack"}, File: "/", Nth: 1},
		{Kind: CrashAt, Nodes: a, File: "f", Nth: 1, For: time.Second},
		{Kind: SyncFail, Nodes: a, File: "f", Nth: 1},
		{Kind: Short, Nodes: a, File: "f", Nth: 1},
		{Kind: Short, Nodes: a, File: "f", Nth: 1, Bytes: 1},
		{Kind: Torn, Nodes: a, File: "f", Nth: 1},
		{Kind: Torn, Nodes: a, File: "f", Nth: 1, Sectors: -maxSectors},
		{Kind: Torn, Nodes: a, File: "f", Nth: 1, Sectors: maxSectors},
	} {
		if err := f.Validate(); err != nil {
			t.Errorf("%v: %v", f, err)
		}
	}
	for _, c := range []struct {
		f    Fault
		want string
	}{
		{Fault{Kind: Lose, Nodes: a, File: "f"}, "lose: nth is missing; say which operation is meant, counted from 1"},
		{Fault{Kind: Lose, Nodes: a, Nth: 1}, "lose: file is missing; name the file whose operations nth counts"},
		{Fault{Kind: Torn, Nodes: a, Nth: 1}, "torn: file is missing; nth counts the operations on one file, so name it"},
		{Fault{Kind: Torn, Nodes: a, File: "f", Sectors: 1}, "torn: sectors is about one write, and nth is missing; say which write is meant, counted from 1"},
		{Fault{Kind: Torn, Nodes: a, File: "f", Nth: 1, Sectors: maxSectors + 1}, "torn: sectors is 4611686018427387905; it must lie between -4611686018427387904 and 4611686018427387904"},
		{Fault{Kind: Torn, Nodes: a, File: "f", Nth: 1, At: 1}, "torn: at and for have no meaning next to nth, which is counted from the beginning of the run; leave them out"},
		{Fault{Kind: CrashAt, Nodes: []string{"b", "@leader"}, File: "f", Nth: 1}, "crashat: nodes has a role, and nth counts what one node does; name the node"},
		{Fault{Kind: SyncFail, Nodes: a}, "syncfail: ppm and nth are both missing; give the chance of each sync, or say which sync of a file fails"},
		{Fault{Kind: Short, Nodes: a}, "short: ppm and nth are both missing; give the chance of each write, or say which write to a file is short"},
		{Fault{Kind: Short, Nodes: a, PPM: 1, Bytes: 1}, "short: bytes is about one write, and nth is missing; say which write is meant, counted from 1"},
		{Fault{Kind: Short, Nodes: a, Nth: 1}, "short: file is missing; nth counts the operations on one file, so name it"},
		{Fault{Kind: SyncFail, Nodes: a, File: "f", Nth: 1, PPM: 1}, "syncfail: ppm and nth are both there, and nth leaves nothing to chance; leave one out"},
	} {
		if err := c.f.Validate(); err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}

// fill returns only those fields of f.
func fill(f Fault, fields Fields) Fault {
	var g Fault
	for _, field := range fields.List() {
		switch field {
		case FieldAt:
			g.At = f.At
		case FieldFor:
			g.For = f.For
		case FieldFrom:
			g.From = f.From
		case FieldTo:
			g.To = f.To
		case FieldNodes:
			g.Nodes = f.Nodes
		case FieldBoot:
			g.Boot = f.Boot
		case FieldMethod:
			g.Method = f.Method
		case FieldDir:
			g.Dir = f.Dir
		case FieldNth:
			g.Nth = f.Nth
		case FieldPPM:
			g.PPM = f.PPM
		case FieldShape:
			g.Shape = f.Shape
		case FieldMin:
			g.Min = f.Min
		case FieldMax:
			g.Max = f.Max
		case FieldBytes:
			g.Bytes = f.Bytes
		case FieldQueue:
			g.Queue = f.Queue
		case FieldPeriod:
			g.Period = f.Period
		case FieldOffset:
			g.Offset = f.Offset
		case FieldFile:
			g.File = f.File
		case FieldConn:
			g.Conn = f.Conn
		case FieldSectors:
			g.Sectors = f.Sectors
		}
	}
	return g
}

func TestTheTableIsComplete(t *testing.T) {
	seen := map[Kind]bool{}
	for _, info := range Kinds() {
		if seen[info.Kind] {
			t.Errorf("%s stands twice", info.Kind)
		}
		seen[info.Kind] = true
		for _, text := range []string{string(info.Kind), string(info.Group), info.Does, info.Units, info.Default, info.InFlight, info.Example} {
			if text == "" || strings.TrimSpace(text) != text {
				t.Errorf("%s: the text %q is empty or ragged", info.Kind, text)
			}
		}
		if !strings.HasSuffix(info.Does, ".") {
			t.Errorf("%s: Does is no sentence", info.Kind)
		}
		if info.Required&info.Optional != 0 || info.Required == 0 {
			t.Errorf("%s: required %s, optional %s", info.Kind, info.Required, info.Optional)
		}
		links := info.Group == Links || info.Group == Picks || info.Group == Sockets || info.Kind == OneWay
		if info.Uses(FieldFrom) != links || info.Uses(FieldTo) != links || info.Uses(FieldNodes) == links {
			t.Errorf("%s: whom does it befall?", info.Kind)
		}
		if info.Uses(FieldBoot) != (info.Group == Nodes) || info.Uses(FieldFile) != (info.Group == Disks) ||
			info.Group != Sockets && info.Group != Disks && info.Uses(FieldNth) != (info.Group == Picks) ||
			info.Uses(FieldSectors) != (info.Kind == Torn) ||
			info.Uses(FieldConn) && info.Group != Picks && info.Group != Sockets {
			t.Errorf("%s: fields of another group", info.Kind)
		}
		if got, ok := info.Kind.Info(); !ok || got != info {
			t.Errorf("%s: Info disagrees with Kinds", info.Kind)
		}
	}
	if len(seen) != 41 {
		t.Errorf("there are %d kinds", len(seen))
	}
	if Kinds()[0].Kind = "x"; Kinds()[0].Kind != Latency {
		t.Error("Kinds returns the table itself, which anybody could change")
	}
	if got := (FieldAt | FieldFile | FieldNth).String(); got != "at, nth, file" {
		t.Errorf("fields are shown as %q", got)
	}
}
