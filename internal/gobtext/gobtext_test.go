package gobtext

import (
	"bytes"
	"encoding/gob"
	"math/rand/v2"
	"strings"
	"testing"
)

type entry struct {
	Term    int
	Command any
}

type args struct {
	Term, Leader int
	Name         string
	Ok           bool
	Entries      []entry
	Data         []byte
	Pair         [2]uint
	F            float64
	Sub          struct{ X, Y int }
	M            map[string]entry
	P            *int
}

type put struct{ Key, Value string }

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOf(t *testing.T) {
	gob.Register(put{})
	seven := 7
	for _, c := range []struct {
		v    any
		want string
	}{
		{args{}, `{Term:0 Leader:0 Name:"" Ok:false Entries:[] Data:[] Pair:[0 0] F:0 Sub:{X:0 Y:0} M:nil P:0}`},
		{args{Term: -3, Ok: true, Entries: []entry{{1, 5}, {2, put{"k", "v"}}, {3, nil}}, Data: []byte("hello"), Pair: [2]uint{1, 0}, F: 1.5, P: &seven},
			`{Term:-3 Leader:0 Name:"" Ok:true Entries:[{Term:1 Command:5} {Term:2 Command:{Key:"k" Value:"v"}} {Term:3 Command:nil}] Data:"hello" Pair:[1 0] F:1.5 Sub:{X:0 Y:0} M:nil P:7}`},
		{args{Leader: 9, Data: []byte{0, 1}, M: map[string]entry{"a": {1, put{"x", ""}}, "b": {}}}, `{Term:0 Leader:9 Name:"" Ok:false Entries:[] Data:[0 1] Pair:[0 0] F:0 Sub:{X:0 Y:0} M:map of 2 P:0}`},
		{5, "5"},
		{"a text\nof two lines", `"a text\nof two lines"`},
		{[]string{"a", "b"}, `["a" "b"]`},
		{make([]int, 40), "[" + strings.TrimSpace(strings.Repeat("0 ", 32)) + " … 40 in all]"},
		{make([]byte, 40), "40 bytes"},
	} {
		data := encoded(t, c.v)
		if got := Of(data, false); got != c.want {
			t.Errorf("%+v is\n%s, want\n%s", c.v, got, c.want)
		}
		for n := range data {
			if got := Of(data[:n], false); got != "" {
				t.Errorf("%d bytes of %+v are %s", n, c.v, got)
			}
			if got := Of(data[:n], true); got != "" && !strings.HasSuffix(got, "…") {
				t.Errorf("%d bytes of %+v, cut, are %s", n, c.v, got)
			}
		}
	}
	if got := Of((encoded(t, args{Name: strings.Repeat("long ", 100)}))[:480], true); !strings.HasPrefix(got, `{Term:0 Leader:0 Name:"long long`) || !strings.HasSuffix(got, "…") {
		t.Errorf("cut: %s", got)
	}
}

// Bytes that are no stream, or a spoiled one, do no harm.
func TestHostile(t *testing.T) {
	data := encoded(t, args{Term: 3, Entries: []entry{{1, 5}, {2, put{"k", "v"}}}, M: map[string]entry{"a": {}}})
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		b := bytes.Clone(data)
		for range 1 + r.IntN(4) {
			b[r.IntN(len(b))] = byte(r.Uint32())
		}
		for _, cut := range []bool{false, true} {
			if got := Of(b[:r.IntN(len(b)+1)], cut); len(got) > 2*most {
				t.Fatalf("%d bytes of text", len(got))
			}
		}
	}
}
