package labrpc

import (
	"reflect"
	"strings"
	"testing"

	"samerun/labrpc/labgob"
)

type toldArgs struct {
	Term    int
	Entries []toldEntry
	Data    []byte
	By      map[string]int
	Next    *toldArgs
	Ok      bool
	Share   float64
}

type toldEntry struct {
	Key string
	N   uint8
}

func (toldArgs) String() string { panic("a method of the program is called") }

// What is told is the fields, in a line, of bounded length, and without methods of the program.
func TestTell(t *testing.T) {
	long := make([]toldEntry, 1000)
	for _, tt := range []struct {
		v    any
		want string
	}{
		{toldArgs{Term: 3, Entries: []toldEntry{{"a\n\x1b", 2}}, Data: make([]byte, 99), By: map[string]int{"x": 1}, Ok: true}, `{Term:3 Entries:[{Key:"a\n\x1b" N:2}] Data:99 bytes By:1 entry of a map Next:nil Ok:true Share:0}`},
		{7, "7"},
		{&toldArgs{Entries: long}, "1000 in all]"},
		{[]string{strings.Repeat("x", 5000), "y"}, "xxx"},
	} {
		data, err := labgob.Marshal(nil, tt.v)
		if err != nil {
			t.Fatal(err)
		}
		got := inWords(data, reflect.TypeOf(tt.v))
		if !strings.Contains(got, tt.want) || len(got) > 2*mostTold || strings.ContainsAny(got, "\n\x1b") {
			t.Errorf("%T is told as %q, and not %q", tt.v, got, tt.want)
		}
	}
	if got := inWords([]byte("\xff"), reflect.TypeFor[int]()); got != "" {
		t.Errorf("what cannot be decoded is told as %q", got)
	}
	if got := inWords(nil, nil); got != "" {
		t.Errorf("what has no type is told as %q", got)
	}
}
