package mailbox

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// take takes the first packet, if it has arrived.
func take[H any](m *Mailbox[H]) (text string, header H, ok bool, next time.Time) {
	data, _, header, ok, next := m.First(false)
	text = string(data)
	if ok {
		m.Drop(data)
	}
	return text, header, ok, next
}

func calm() int64 { return 0 }

func TestPacketsArriveInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m Mailbox[string]
		if _, _, ok, next := take(&m); ok || !next.IsZero() {
			t.Error("an empty mailbox has a packet")
		}
		began := time.Now()
		data := []byte("first")
		m.Put(data, 0, "a", func() int64 { return int64(time.Second) })
		copy(data, "xxxxx") // the sender's own
		m.Put([]byte("2nd"), 0, "b", calm)
		m.Put(nil, 0, "c", func() int64 { return int64(time.Hour) })
		if _, _, ok, next := take(&m); ok || time.Until(next) != time.Second {
			t.Errorf("the first packet arrives at %v, %t", next, ok)
		}
		if got := m.News(began); !got.Equal(began.Add(time.Second)) {
			t.Errorf("there is news at %v", got)
		}
		if got := m.News(began.Add(time.Second)); !got.Equal(began.Add(time.Hour)) {
			t.Errorf("later there is news at %v", got)
		}
		if got := m.News(began.Add(time.Hour)); !got.IsZero() {
			t.Errorf("in the end there is news at %v", got)
		}
		time.Sleep(time.Second)
		if text, header, ok, _ := take(&m); text != "first" || header != "a" || !ok {
			t.Errorf("%q from %s, %t", text, header, ok)
		}
		if text, header, ok, _ := take(&m); text != "2nd" || header != "b" || !ok {
			t.Errorf("%q from %s, %t", text, header, ok)
		}
		if _, _, ok, next := take(&m); ok || next.IsZero() {
			t.Errorf("the empty packet arrives too early, or never: %v", next)
		}
		time.Sleep(time.Hour)
		if text, header, ok, _ := take(&m); text != "" || header != "c" || !ok {
			t.Errorf("%q from %s, %t", text, header, ok)
		}
	})
}

// Packets that were sent together come one by one, or as they were sent.
func TestSegments(t *testing.T) {
	for _, c := range []struct {
		data    string
		segment int
		packets string
	}{
		{"abcdefgh", 3, "abc def gh"}, {"abcdef", 3, "abc def"}, {"abc", 3, "abc"}, {"ab", 3, "ab"}, {"abc", 0, "abc"}, {"", 3, ""},
	} {
		var m Mailbox[int]
		m.Put([]byte(c.data), c.segment, 7, calm)
		var got []string
		for {
			text, header, ok, _ := take(&m)
			if !ok {
				break
			}
			if header != 7 {
				t.Errorf("header %d", header)
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != c.packets || m.size != 0 {
			t.Errorf("%q in packets of %d bytes is %q, and %d bytes are left", c.data, c.segment, got, m.size)
		}

		m.Put([]byte(c.data), c.segment, 7, calm)
		want := c.segment
		if !strings.Contains(c.packets, " ") {
			want = 0
		}
		if data, segment, _, ok, _ := m.First(true); string(data) != c.data || segment != want || !ok {
			t.Errorf("%q of %d, %t, want %q of %d", data, segment, ok, c.data, want)
		}
	}

	// One that is asked for alone, and the others together.
	var m Mailbox[int]
	m.Put([]byte("abcdefg"), 2, 0, calm)
	take(&m)
	if data, segment, _, _, _ := m.First(true); string(data) != "cdefg" || segment != 2 {
		t.Errorf("%q of %d", data, segment)
	}
	take(&m)
	take(&m)
	if data, segment, _, _, _ := m.First(true); string(data) != "g" || segment != 0 {
		t.Errorf("%q of %d", data, segment)
	}
}

func TestNoRoom(t *testing.T) {
	var m Mailbox[int]
	n := 0
	for m.Put(make([]byte, PacketMost), 0, n, calm) {
		n++
	}
	if n != mailRoom/PacketMost || m.Len() != n {
		t.Errorf("%d packets were taken, and %d wait, want %d", n, m.Len(), mailRoom/PacketMost)
	}
	if !m.Put(make([]byte, mailRoom-n*PacketMost), 0, n, calm) || m.Put([]byte{1}, 0, 0, calm) || !m.Put(nil, 0, 0, calm) {
		t.Error("the room is not used to its end, or beyond")
	}
	take(&m)
	if !m.Put(make([]byte, PacketMost), 0, 0, calm) {
		t.Error("a packet that was taken makes no room")
	}
	m.Room = 2 * mailRoom
	if !m.Put(make([]byte, PacketMost), 0, 0, calm) {
		t.Error("more room is not used")
	}
}

func TestWarmMailboxAllocatesNothing(t *testing.T) {
	var m Mailbox[int]
	b := make([]byte, 1000)
	send := func() {
		m.Put(b, 600, 1, calm)
		take(&m)
		data, _, _, _, _ := m.First(true)
		m.Drop(data)
	}
	send()
	if n := testing.AllocsPerRun(100, send); n > 1 { // the text of take
		t.Errorf("%v allocations", n)
	}
}

// Those that go apart overtake others and are overtaken; the others keep their order.
func TestApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m Mailbox[int]
		for i, d := range []int64{10, 5, 20} {
			m.PutAfter([]byte{byte('a' + i)}, 0, i, d, false)
		}
		m.PutAfter([]byte("x"), 0, 3, 1, true)
		m.PutAfter([]byte("y"), 0, 4, 15, true)
		time.Sleep(time.Second)
		if got := all(&m); got != "xabyc" {
			t.Errorf("%q", got)
		}
	})
}

// all takes all that has arrived.
func all(m *Mailbox[int]) (got string) {
	for {
		data, _, _, ok, _ := m.First(false)
		if !ok {
			return got
		}
		got += string(data)
		m.Drop(data)
	}
}

// Each is judged once when it has come to the far end of its link, and those that wait there
// again.
func TestJudge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m Mailbox[int]
		for i := range 5 {
			m.PutAfter([]byte{byte('a' + i)}, 0, i, int64(i)*1000, false)
			if i == 2 {
				m.PutAfter(nil, 0, i, 2000, false)
			}
		}
		asked := ""
		verdicts := []MailVerdict{0: MailPasses, 1: MailLost, 2: MailWaits, 3: MailPasses, 4: MailLost}
		judge := func(at time.Time, now bool) bool {
			return m.Judge(at, now, func(h int, again bool) MailVerdict {
				asked += string(rune('a' + h))
				if again {
					asked += "!"
				}
				return verdicts[h]
			})
		}
		time.Sleep(2000)
		if judge(time.Now(), false) || asked != "ab" {
			t.Errorf("asked of %q", asked)
		}
		if judge(time.Now(), true); asked != "abcc" {
			t.Errorf("asked of %q", asked)
		}
		if got := all(&m); got != "a" {
			t.Errorf("%q", got)
		}
		time.Sleep(10000)
		if asked = ""; judge(time.Now(), true) || asked != "c!c!de" {
			t.Errorf("asked of %q", asked)
		}
		verdicts[2] = MailPasses
		if asked = ""; !judge(time.Now(), true) || asked != "c!c!" {
			t.Errorf("asked of %q", asked)
		}
		n := m.Len()
		if got := all(&m); n != 3 || len(got) != 2 || m.size != 0 {
			t.Errorf("%d are left, %q, %d bytes", n, got, m.size)
		}
	})
}
