package kv

import (
	"maps"
	"testing"

	"pgregory.net/rapid"

	"samerun/labrpc/labgob"
)

// A command that comes again, at any time before its client's next one, changes
// nothing and is answered as it was the first time; and all this survives being
// sent as a snapshot.
func TestRepetitionIsHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const clients = 3
		var s, once store // once sees no repetition and is never sent
		var last [clients]*Args
		var answers [clients]string
		t.Repeat(map[string]func(*rapid.T){
			"new": func(t *rapid.T) {
				i := rapid.IntRange(0, clients-1).Draw(t, "client")
				args := &Args{
					ClientID: int64(i),
					Seq:      1,
					Op:       rapid.SampledFrom([]Op{Get, Put, Append}).Draw(t, "op"),
					Key:      rapid.SampledFrom([]string{"x", "y"}).Draw(t, "key"),
					Value:    rapid.StringN(0, 3, -1).Draw(t, "value"),
				}
				if last[i] != nil {
					args.Seq = last[i].Seq + 1
				}
				last[i], answers[i] = args, s.execute(args)
				if want := once.execute(args); answers[i] != want {
					t.Fatalf("%v answers %q; it should %q", args.Op, answers[i], want)
				}
			},
			"again": func(t *rapid.T) {
				i := rapid.IntRange(0, clients-1).Draw(t, "client")
				if last[i] == nil {
					return
				}
				if got := s.execute(last[i]); got != answers[i] {
					t.Fatalf("a repeated %v answers %q; the first time it was %q", last[i].Op, got, answers[i])
				}
			},
			"snapshot": func(t *rapid.T) {
				data, err := labgob.Marshal(nil, &s)
				if err != nil {
					t.Fatal(err)
				}
				var copied store
				if err := labgob.Unmarshal(data, &copied); err != nil {
					t.Fatal(err)
				}
				s = copied
			},
			"": func(t *rapid.T) {
				if !maps.Equal(s.Data, once.Data) || !maps.Equal(s.Last, once.Last) {
					t.Fatalf("the store is %v; it should be %v", s, once)
				}
			},
		})
	})
}
