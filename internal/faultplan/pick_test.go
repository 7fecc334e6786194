package faultplan

import (
	"testing"
	"time"

	"samerun/sim/fault"
)

func TestPickOf(t *testing.T) {
	from, to := []string{"TestX"}, []string{"listener 1"}
	for words, want := range map[string]fault.Fault{
		`hold conn=2 nth=5 dir=1 min=200000000 from "TestX" to "listener 1"`: {Kind: fault.Hold, Conn: 2, Nth: 5, Dir: fault.Request, Min: 200 * time.Millisecond, From: from, To: to},
		`drop nth=5 dir=2 from "TestX" to "listener 1"`:                      {Kind: fault.Drop, Nth: 5, Dir: fault.Reply, From: from, To: to},
		`refuse conn=3 from "TestX" to "listener 1"`:                         {Kind: fault.Refuse, Conn: 3, From: from, To: to},
		`short nth=2 bytes=3 node=0 file="wal"`:                              {Kind: fault.Short, Nth: 2, Bytes: 3, Nodes: []string{"*"}, File: "wal"},
		`syncfail nth=4 node=0 file="TestX 3/001/\"wal\""`:                   {Kind: fault.SyncFail, Nth: 4, Nodes: []string{"*"}, File: `TestX 3/001/"wal"`},
		`reset conn=3 nth=1 from "TestX" to "a \"b\""`:                       {Kind: fault.Reset, Conn: 3, Nth: 1, From: from, To: []string{`a "b"`}},
	} {
		if got, ok := PickOf(words); !ok || !got.Equal(want) {
			t.Errorf("%s: %v %t", words, got, ok)
		}
	}
	for _, words := range []string{
		"", "drop", `drop conn=2 from "TestX" to "listener 1"`, `drop nth=x from "a" to "b"`, `drop nth=1 since=2 from "a" to "b"`,
		`syncfail nth=4 node=0 file=wal`, `short bytes=4 node=0 file="wal"`,
		`drop nth=1 from "a to "b"`, `drop nth=1 from a to b`, `nothing nth=1 from "a" to "b"`,
	} {
		if got, ok := PickOf(words); ok {
			t.Errorf("%s is %v", words, got)
		}
	}
}
