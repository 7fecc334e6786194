package called

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"samerun/internal/overlay/leaf/callbook"
	"samerun/internal/story"
)

type args struct{ Term, Leader int }

// lab is a book in which two servers and a client call each other.
type lab struct {
	callbook.CallBook
	t *testing.T
}

func newLab(t *testing.T) *lab {
	l := &lab{t: t}
	for _, of := range []struct {
		name string
		adds string
	}{{"0", "i0"}, {"1", "i1"}, {"client", ""}} {
		for to := range 2 {
			end := fmt.Sprintf("s%s%d", of.name, to)
			l.Told(callbook.BookMakesEnd, 1, end, "", 1, 0)
			l.Told(callbook.BookConnects, 1, end, fmt.Sprintf("i%d", to), 1, 0)
		}
		if of.adds != "" {
			l.Told(callbook.BookAddsServer, 1, "", of.adds, 1, 0)
		}
		for to := range 2 {
			l.Told(callbook.BookEnables, 1, fmt.Sprintf("s%s%d", of.name, to), "", 1, 0)
		}
	}
	return l
}

func ms(n int64) int64 {
	if n < 0 {
		return callbook.Never
	}
	return n * int64(time.Millisecond)
}

// call notes a call that is sent, handled, answered and returned in these milliseconds, -1 for never.
func (l *lab) call(end, method string, sent, handled, answered, returned int64, ok bool) {
	l.t.Helper()
	encode := func(v any) []byte {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(v); err != nil {
			l.t.Fatal(err)
		}
		return b.Bytes()
	}
	n := l.Calls(end, method, 9, ms(sent))
	l.Sends(n, encode(args{int(sent), 1}))
	if handled >= 0 {
		l.Handles(n, ms(handled))
	}
	if answered >= 0 {
		l.Answers(n, encode(args{Term: int(answered)}), ms(answered))
	}
	if returned >= 0 {
		l.Returns(n, end, ok, ms(returned))
	}
}

// read is what the tool makes of it.
func (l *lab) read(until int64) *Calls {
	l.t.Helper()
	nums, texts := l.Flat(callbook.BookMost)
	for i, s := range texts {
		texts[i] = hex.EncodeToString([]byte(s))
	}
	c, ok := Read(nums, texts, time.Duration(ms(until)))
	if !ok {
		l.t.Fatal("it cannot be read")
	}
	return c
}

// rows are the texts of all events.
func rows(c *Calls) string {
	lane := func(name string) story.Lane { return story.Lane{Index: 1, Name: name} }
	var b strings.Builder
	for _, e := range c.Events(lane) {
		fmt.Fprintf(&b, "%v %s>%s %s%s %s\n", e.At, e.From.Name, e.To.Name, e.Mark, e.Text, e.Args)
	}
	return b.String()
}

// What became of each message is told.
func TestFates(t *testing.T) {
	l := newLab(t)
	l.call("s01", "Raft.Append", 10, 12, 13, 14, true)
	l.call("s01", "Raft.Append", 20, -1, -1, 30, false)        // the request is lost
	l.call("s01", "Raft.Append", 40, 41, 42, 43, false)        // the reply is
	l.call("s10", "Raft.Vote", 50, 51, 52, 900, true)          // the reply is late
	l.call("s10", "Raft.Vote", 60, 61, 62, 63, true)           // and this one comes before it
	l.call("sclient1", "KV.Get", 70, 150, 151, 152, true)      // the request is late
	l.call("sclient1", "KV.Get", 990, -1, -1, -1, false)       // it is on its way
	l.call("sclient1", "KV.Get", 991, 992, 993, -1, false)     // the reply is
	l.call("sclient1", "KV.Get", 994, 995, -1, -1, false)      // it is handled
	l.call("sclient1", "KV.Get", 2000, 2001, 2002, 2003, true) // behind the end of the test
	l.call("sunknown", "KV.Get", 80, -1, -1, 81, false)
	want := `12ms server 0>server 1 Raft.Append #1 {Term:10 Leader:1}
14ms server 1>server 0 Raft.Append #1 reply {Term:13 Leader:0}
30ms server 0>server 1 crossRaft.Append #2 is lost {Term:20 Leader:1}
41ms server 0>server 1 Raft.Append #3 {Term:40 Leader:1}
43ms server 1>server 0 crossRaft.Append #3 reply is lost {Term:42 Leader:0}
51ms server 1>server 0 Raft.Vote #1 {Term:50 Leader:1}
61ms server 1>server 0 Raft.Vote #2 {Term:60 Leader:1}
63ms server 0>server 1 Raft.Vote #2 reply {Term:62 Leader:0}
80ms > crossKV.Get #6 finds its end not connected {Term:80 Leader:1}
150ms client 1>server 1 KV.Get #1, 80ms late {Term:70 Leader:1}
152ms server 1>client 1 KV.Get #1 reply {Term:151 Leader:0}
900ms server 0>server 1 Raft.Vote #1 reply, 848ms late, behind #2 {Term:52 Leader:0}
990ms client 1>server 1 KV.Get #2 {Term:990 Leader:1}
992ms client 1>server 1 KV.Get #3 {Term:991 Leader:1}
993ms server 1>client 1 KV.Get #3 reply {Term:993 Leader:0}
995ms client 1>server 1 KV.Get #4 {Term:994 Leader:1}
`
	c := l.read(1000)
	if got := rows(c); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := strings.Join(c.Lanes, ", "); got != "server 0, server 1, client 1" {
		t.Errorf("the lanes are %s", got)
	}
}

// Servers that are cut off or replaced, and what that does to calls.
func TestChanges(t *testing.T) {
	l := newLab(t)
	told := func(at int64, what callbook.BookWhat, end, server string) {
		l.Told(what, 1, end, server, 1, ms(at))
	}
	n := l.Calls("s01", "Raft.Append", 9, ms(5))
	l.Sends(n, []byte{1})
	l.Handles(n, ms(6))
	for _, end := range []string{"s10", "s01", "s11"} {
		told(10, callbook.BookDisables, end, "")
	}
	l.Returns(n, "s01", false, ms(10))
	l.call("s01", "Raft.Append", 10, -1, -1, 30, false)
	told(40, callbook.BookDeletesServer, "", "i1")
	told(50, callbook.BookAddsServer, "", "i1")
	for _, end := range []string{"s01", "s10"} {
		told(60, callbook.BookEnables, end, "")
	}
	told(70, callbook.BookDisables, "s00", "")
	told(70, callbook.BookDisables, "sclient1", "")
	l.call("s01", "Raft.Append", 80, 80, 80, 80, true)
	told(2000, callbook.BookDisables, "s01", "")
	want := `6ms server 0>server 1 Raft.Append #1 
10ms server 1>server 0 crossRaft.Append #1 reply is not waited for: the server is gone 
10ms server 1> is cut off from server 0 
10ms server 0>server 1 crossRaft.Append #2 finds its end disabled {Term:10 Leader:1}
40ms server 1> crossis deleted 
50ms server 1> starts again 
60ms server 1> is connected to server 0 
70ms server 1> is cut off from client 1 
80ms server 0>server 1 Raft.Append #3 {Term:80 Leader:1}
80ms server 1>server 0 Raft.Append #3 reply {Term:80 Leader:0}
`
	if got := rows(l.read(1000)); got != strings.ReplaceAll(want, "1>server 0 is", "1> is") {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// A partition is told as that, ends that are as before not at all, nor how all is shut down.
func TestPartition(t *testing.T) {
	l := &lab{t: t}
	end := func(from, to int) string { return fmt.Sprintf("s%d to %d", from, to) }
	enable := func(at int64, from, to int, on bool) {
		what := callbook.BookDisables
		if on {
			what = callbook.BookEnables
		}
		l.Told(what, 1, end(from, to), "", 1, ms(at))
	}
	for from := range 4 {
		for to := range 4 {
			l.Told(callbook.BookMakesEnd, 1, end(from, to), "", 1, 0)
			l.Told(callbook.BookConnects, 1, end(from, to), fmt.Sprintf("i%d", to), 1, 0)
		}
		l.Told(callbook.BookAddsServer, 1, "", fmt.Sprintf("i%d", from), 1, 0)
	}
	for from := range 4 {
		for to := range 4 {
			enable(0, from, to, true)
		}
	}
	split := func(at int64, side [4]int) {
		for from := range 4 {
			for to := range 4 {
				enable(at, from, to, false)
				enable(at, from, to, side[from] == side[to])
			}
		}
	}
	split(10, [4]int{0, 1, 1, 0})
	split(20, [4]int{0, 1, 1, 0})
	split(30, [4]int{0, 1, 2, 0})
	split(40, [4]int{})
	l.call(end(0, 1), "Raft.Append", 50, 50, 50, 50, true)
	split(60, [4]int{0, 1, 2, 3})
	l.Told(callbook.BookDeletesServer, 1, "", "i1", 1, ms(60))
	want := `10ms > remarkthe servers are split: 0 3 | 1 2 
30ms server 2> is cut off from server 1 
40ms > remarkall servers are connected 
50ms server 0>server 1 Raft.Append #1 {Term:50 Leader:1}
50ms server 1>server 0 Raft.Append #1 reply {Term:50 Leader:0}
`
	if got := rows(l.read(1000)); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// A test that waits in vain is told what was called, and what was not.
func TestSilence(t *testing.T) {
	for _, c := range []struct {
		votes, appends, end int64
		want                string
	}{
		{100, 9900, 10000, "nothing but Raft.Append in the last 9.9s; before that, Raft.Vote"},
		{9500, 9900, 10000, ""},
		{100, 9900, 12000, "no call at all in the last 2.1s"},
		{-1, 2000, 2000, "nothing but Raft.Append in all 2s"},
		{-1, 300, 2000, "no call at all in the last 1.7s"},
		{-1, 900, 900, ""},
		{-1, -1, 2000, ""},
	} {
		l := newLab(t)
		if c.votes >= 0 {
			l.call("s01", "Raft.Vote", c.votes, c.votes, c.votes, c.votes, true)
		}
		for at := int64(0); at <= c.appends; at += 100 {
			l.call("s01", "Raft.Append", at, at, at, at, true)
		}
		if got := l.read(c.end).Silence(time.Duration(ms(c.end))); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestRefuses(t *testing.T) {
	for _, texts := range [][]string{{"xx"}, nil} {
		if _, ok := Read([]int64{0, 1}, texts, 0); ok {
			t.Errorf("%q is read", texts)
		}
	}
}
