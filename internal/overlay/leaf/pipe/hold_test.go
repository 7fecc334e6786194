package pipe

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// again is when TCP would send what was sent at a moment again: after 200 ms, 600 ms and
// so on, on a link that takes 1 ms.
func again(now time.Time) func(sent time.Time) time.Time {
	return func(sent time.Time) time.Time {
		step := 200 * time.Millisecond
		for at := sent; ; step *= 2 {
			if at = at.Add(step); !at.Before(now) {
				return at.Add(time.Millisecond)
			}
		}
	}
}

// A step is done at a moment, in milliseconds, and afterwards the pipe is as it says.
type holdStep struct {
	at        int
	cut, clog bool
}

// What is sent at 0, 1 and 2, and takes 10 ms, arrives when the link lets it; the end is sent
// at 3, behind it.
func TestHold(t *testing.T) {
	for _, c := range []struct {
		steps []holdStep
		want  string
	}{
		{nil, "a 10 b 11 c 12 end 13"},
		{[]holdStep{{5, true, false}, {8, false, false}}, "a 10 b 11 c 12 end 13"},
		{[]holdStep{{5, true, false}, {11, false, false}}, "a 201 b 201 c 201 end 201"},
		{[]holdStep{{11, true, false}, {30, false, false}}, "a 10 b 202 c 202 end 202"},
		{[]holdStep{{5, true, false}, {300, false, false}}, "a 601 b 601 c 601 end 601"},
		{[]holdStep{{5, true, false}, {150, false, false}, {190, true, false}, {500, false, false}}, "a 601 b 601 c 601 end 601"},
		{[]holdStep{{5, true, false}}, ""},
		{[]holdStep{{5, false, true}, {8, false, false}}, "a 10 b 11 c 12 end 13"},
		{[]holdStep{{5, false, true}, {11, false, false}}, "a 11 b 11 c 12 end 13"},
		{[]holdStep{{5, false, true}, {30, false, false}}, "a 30 b 30 c 30 end 30"},
		{[]holdStep{{5, false, true}, {20, true, true}, {30, true, false}, {40, false, false}}, "a 201 b 201 c 201 end 201"},
		{[]holdStep{{5, false, true}, {20, true, true}, {30, false, true}, {40, false, false}}, "a 40 b 40 c 40 end 40"},
		{[]holdStep{{5, true, false}, {11, true, true}, {30, false, true}, {40, false, false}}, "a 201 b 201 c 201 end 201"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var p Pipe
			begin := time.Now()
			took := func() int { return int(time.Since(begin).Milliseconds()) }
			got := ""
			steps := c.steps
			for took() < 1000 {
				if len(steps) > 0 && steps[0].at == took() {
					p.Hold(steps[0].cut, steps[0].clog, time.Now(), again(time.Now()))
					steps = steps[1:]
				}
				switch now := took(); {
				case now < 3:
					p.Send([]byte{byte('a' + now)}, p.ArrivalAfter(10e6))
				case now == 3:
					p.EndAfter(10e6)
				}
				b := make([]byte, 10)
				for _, x := range b[:p.Take(b, len(b))] {
					got += fmt.Sprintf("%c %d ", x, took())
				}
				if Past(p.Ends) {
					if got += fmt.Sprintf("end %d", took()); p.Room() != pipeChunk {
						t.Errorf("there is room for %d bytes at the end", p.Room())
					}
					break
				}
				time.Sleep(time.Millisecond)
			}
			if got != c.want {
				t.Errorf("%v: %q, want %q", c.steps, got, c.want)
			}
		})
	}
}

// A reset that meets a cut is lost for good; one that meets a clog arrives.
func TestHeldReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, cut := range []bool{true, false} {
			for _, before := range []bool{true, false} {
				var p Pipe
				if before {
					p.Reset(time.Now().Add(10 * time.Millisecond))
				}
				p.Hold(cut, !cut, time.Now(), again(time.Now()))
				if !before {
					p.Reset(time.Now().Add(10 * time.Millisecond))
				}
				time.Sleep(20 * time.Millisecond)
				if !p.Resets.IsZero() {
					t.Error("the reset passes")
				}
				p.Hold(false, false, time.Now(), again(time.Now()))
				if arrives := Past(p.Resets); arrives == cut || p.Unheard != cut {
					t.Errorf("cut %v, sent before %v: it arrives: %v, is lost: %v", cut, before, arrives, p.Unheard)
				}
			}
		}
	})
}

// What was read keeps its room while the writer does not hear of it.
func TestMute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p Pipe
		p.Mute(true, time.Time{})
		for p.Room() > 0 {
			p.Send(make([]byte, p.Room()), p.ArrivalAfter(0))
		}
		begin := time.Now()
		if n := p.Take(nil, pipeRoom); n != pipeRoom || p.Room() > 0 || p.RoomFor(1) {
			t.Errorf("%d bytes are read, and there is room for %d", n, p.Room())
		}
		if sent, waits := p.Unacknowledged(begin.Add(time.Second)); !waits || !sent.Equal(begin) {
			t.Errorf("waits %v, since %v", waits, sent.Sub(begin))
		}
		p.Mute(false, begin.Add(time.Second))
		if p.Room() > 0 || !p.Returns().Equal(begin.Add(time.Second)) {
			t.Error("the writer knows at once")
		}
		time.Sleep(time.Second)
		if p.Room() != pipeChunk || !p.Returns().IsZero() {
			t.Errorf("room for %d", p.Room())
		}
	})
}

// Who does not read any more answers what comes by a reset, when it comes.
func TestAnswerOfTheDeaf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		for _, before := range []bool{true, false} {
			var p Pipe
			send := func() {
				if news, deaf := p.Send([]byte("x"), p.ArrivalAfter(10e6)); deaf || news != before {
					t.Errorf("sent before %v: %v, %v", before, news, deaf)
				}
			}
			if before {
				send()
			}
			p.Hold(true, false, time.Now(), again(time.Now()))
			if unread := p.Deafen(); unread != before {
				t.Errorf("unread %v", unread)
			}
			if !before {
				send()
			}
			if _, waits := p.Unacknowledged(time.Now()); !waits {
				t.Error("nothing waits")
			}
			sent := time.Now()
			time.Sleep(50 * time.Millisecond)
			if answer := p.Hold(false, false, time.Now(), again(time.Now())); answer.Sub(sent) != 201*time.Millisecond {
				t.Errorf("sent before %v: answered at %v", before, answer.Sub(begin))
			}
		}
	})
}

// What has not arrived is lost with who has sent it.
func TestLose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p Pipe
		p.Send([]byte("a"), p.ArrivalAfter(0))
		p.Send([]byte("bc"), p.ArrivalAfter(10e6))
		p.EndAfter(10e6)
		if p.Flying(time.Now()) != 3 {
			t.Errorf("%d are on their way", p.Flying(time.Now()))
		}
		p.Lose()
		time.Sleep(time.Second)
		if got := take(&p); got != "a" || p.Ended() || p.Room() != pipeChunk {
			t.Errorf("%q, ended %v, room for %d", got, p.Ended(), p.Room())
		}
	})
}

// One piece can pass whatever holds the link up, but not those before it.
func TestLetThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, alone := range []bool{true, false} {
			var p Pipe
			p.Hold(false, true, time.Now(), nil)
			if !alone {
				p.Send([]byte("a"), p.ArrivalAfter(0))
			}
			p.Send([]byte("b"), p.ArrivalAfter(0))
			p.LetThrough()
			if got := take(&p); (got == "b") != alone {
				t.Errorf("alone %v: %q", alone, got)
			}
		}
	})
}
