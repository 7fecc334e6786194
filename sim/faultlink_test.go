package sim

import (
	"strings"
	"testing"
	"time"
)

// What the schedule does to messages from a to b, sent at 10, 20 and 30 ms, that
// would take 10 ms each.
func TestFaultsOfLinks(t *testing.T) {
	const calm = "#1 delivered 20ms, #2 delivered 30ms, #3 delivered 40ms"
	for _, c := range []struct {
		name     string
		elements string // one a line
		want     string
		fired    string
	}{
		{"nothing", ``, calm, ""},
		{"certain loss, also of the very first message", `{"kind":"loss","from":["a"],"to":["b"],"ppm":1000000}`,
			"#1 lost 10ms, #2 lost 20ms, #3 lost 30ms", "3"},
		{"another link", `{"kind":"loss","from":["b"],"to":["a"],"ppm":1000000}`, calm, "it met nothing: no message came its way, or chance spared all of them"},
		{"requests only", `{"kind":"cut","from":["a"],"to":["b"],"dir":"reply"}`, calm, "it met nothing: no message came its way"},
		{"another method", `{"kind":"cut","from":["a"],"to":["b"],"method":"X.Y"}`, calm, "it met nothing: no message came its way"},
		{"everybody is not main", `{"kind":"cut","from":["*"],"to":["main"]}`, calm, "it met nothing: no message came its way"},
		{"nobody", `{"kind":"cut","from":["a"],"to":["z"]}`, calm, "there was no node z"},
		{"no role", `{"kind":"cut","from":["a"],"to":["@z"]}`, calm, "the scenario tells nobody who @z is (World.Role)"},
		{"no domain", `{"kind":"cut","from":["%z"],"to":["b"]}`, calm, "there is no failure domain %z"},

		{"cuts that overlap", `{"kind":"cut","at":"5ms","for":"10ms","from":["a"],"to":["b"]}
			{"kind":"cut","at":"12ms","for":"13ms","from":["*"],"to":["b"]}`,
			"#1 cut 10ms, #2 cut 20ms, #3 delivered 40ms", "1; 1"},
		{"clogs that overlap", `{"kind":"clog","at":"15ms","for":"10ms","from":["a"],"to":["b"]}
			{"kind":"clog","at":"18ms","for":"17ms","from":["a"],"to":["b"]}`,
			"#1 delivered 35ms, #2 delivered 35ms, #3 delivered 40ms", "1; 2"},
		{"a clog and a cut", `{"kind":"clog","at":"15ms","for":"10ms","from":["a"],"to":["b"]}
			{"kind":"cut","at":"21ms","for":"7ms","from":["a"],"to":["b"]}`,
			"#1 cut 25ms, #2 delivered 30ms, #3 delivered 40ms", "1; 1"},

		{"latency", `{"kind":"latency","from":["a"],"to":["b"],"min":"3ms"}`, "#1 delivered 13ms, #2 delivered 23ms, #3 delivered 33ms", "3"},
		{"the last latency counts", `{"kind":"latency","from":["a"],"to":["b"],"min":"3ms"}
			{"kind":"latency","from":["a"],"to":["b"],"min":"5ms"}`, "#1 delivered 15ms, #2 delivered 25ms, #3 delivered 35ms", "it met nothing: no message came its way; 3"},
		{"a hold before a latency", `{"kind":"hold","from":["a"],"to":["b"],"nth":2,"min":"50ms"}
			{"kind":"latency","from":["a"],"to":["b"],"min":"3ms"}`, "#1 delivered 13ms, #3 delivered 33ms, #2 delivered 73ms", "1; 3"},
		{"a hold behind a latency", `{"kind":"latency","from":["a"],"to":["b"],"min":"3ms"}
			{"kind":"hold","from":["a"],"to":["b"],"nth":2,"min":"50ms"}`, "#1 delivered 13ms, #3 delivered 33ms, #2 delivered 73ms", "3; 1"},
		{"a copy takes the latency in force", `{"kind":"twice","from":["a"],"to":["b"],"nth":1}
			{"kind":"latency","from":["a"],"to":["b"],"min":"100ms"}`,
			"#1 delivered 110ms, #1 delivered 110ms, #2 delivered 120ms, #3 delivered 130ms", "1; 3"},
		{"a copy of what is lost", `{"kind":"twice","from":["a"],"to":["b"],"nth":2}
			{"kind":"drop","from":["a"],"to":["b"],"nth":2}`, "#1 delivered 20ms, #2 lost 20ms, #3 delivered 40ms",
			"message #2 was sent, but something else had decided about it; 1"},
		{"a replay comes after the message itself, however late that is", `{"kind":"replay","from":["a"],"to":["b"],"for":"15ms","ppm":1000000,"min":"1ms"}
			{"kind":"hold","from":["a"],"to":["b"],"nth":1,"min":"50ms"}`,
			"#2 delivered 30ms, #3 delivered 40ms, #1 delivered 70ms, #1 delivered 71ms", "1; 1"},

		{"drop", `{"kind":"drop","from":["a"],"to":["b"],"nth":2}`, "#1 delivered 20ms, #2 lost 20ms, #3 delivered 40ms", "1"},
		{"drop, never sent", `{"kind":"drop","from":["*"],"to":["*"],"nth":4}`, calm, "message #4 was not sent: there were 3"},
		{"deliver beats everything", `{"kind":"deliver","from":["a"],"to":["b"],"nth":2}
			{"kind":"cut","from":["a"],"to":["b"]}
			{"kind":"clog","from":["a"],"to":["b"]}
			{"kind":"drop","from":["a"],"to":["b"],"nth":2}
			{"kind":"hold","from":["a"],"to":["b"],"nth":2,"min":"50ms"}
			{"kind":"loss","from":["a"],"to":["b"],"ppm":1000000}`, "#1 cut 10ms, #2 delivered 20ms, #3 cut 30ms",
			"1; 2; it met nothing: no message came its way; message #2 was sent, but something else had decided about it; message #2 was sent, but something else had decided about it; it met nothing: no message came its way, or chance spared all of them"},
		{"deliver brings the message, not its copy", `{"kind":"deliver","from":["a"],"to":["b"],"nth":1}
			{"kind":"twice","from":["a"],"to":["b"],"nth":1}
			{"kind":"cut","at":"15ms","for":"10ms","from":["a"],"to":["b"]}`, "#1 delivered 10ms, #1 cut 20ms, #2 cut 20ms, #3 delivered 40ms", "1; 1; 2"},
		{"reordering from min to max", `{"kind":"reorder","from":["a"],"to":["b"],"ppm":1000000,"min":"20ms","max":"40ms"}`,
			"#1 delivered 50ms, #2 delivered 60ms, #3 delivered 70ms", "3"},

		{"partition of a node that is made later", `{"kind":"partition","nodes":["b","later"]}`, "#1 cut 10ms, #2 cut 20ms, #3 cut 30ms", "3"},
		{"one way", `{"kind":"oneway","at":"15ms","from":["a"],"to":["*"]}`, "#1 cut 20ms, #2 cut 20ms, #3 cut 30ms", "3"},
		{"the other way", `{"kind":"oneway","at":"15ms","from":["b"],"to":["a"]}`, calm, "it met nothing: no message came its way"},
		{"flapping", `{"kind":"flapping","at":"5ms","nodes":["b"],"period":"20ms"}`, "#1 cut 10ms, #2 cut 20ms, #3 delivered 40ms", "2"},
		{"a bridge of two", `{"kind":"bridge","nodes":["a","b"]}`, calm, "a bridge needs 3 nodes, and there were 2"},
		{"a ring of three", `{"kind":"ring","nodes":["a","b","c"]}`, calm, "a ring needs 4 nodes, and there were 3"},
		{"a split of one", `{"kind":"split","nodes":["b"]}`, calm, "a split needs 2 nodes, and there were 1"},
		{"isolate", `{"kind":"isolate","at":"25ms","nodes":["a"]}`, "#1 delivered 20ms, #2 cut 30ms, #3 cut 30ms", "2"},
		{"after the end of the run", `{"kind":"cut","at":"1h","from":["a"],"to":["b"]}`, calm, "the run ended before"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var elements []string
			for line := range strings.Lines(c.elements) {
				elements = append(elements, strings.TrimSpace(line))
			}
			for _, seed := range []uint64{0, 1} {
				if strings.HasPrefix(c.name, "reordering") && seed > 0 {
					continue // only at seed 0 it is the middle
				}
				got, r := act(t, seed, schedule(t, 0, elements...), func(x *cast) {
					for i := range 3 {
						x.send(time.Duration(10+10*i) * ms)
					}
					x.w.Sleep(200 * ms)
				})
				want(t, "messages", inOrder(got), c.want)
				want(t, "fired", fired(r), c.fired)
			}
		})
	}
}

// Delays between min and max are spread, not all of the shortest.
func TestDelaysSpread(t *testing.T) {
	for _, element := range []string{
		`{"kind":"reorder","from":["a"],"to":["b"],"ppm":1000000,"min":"1ms","max":"9ms"}`,
		`{"kind":"replay","from":["a"],"to":["b"],"ppm":1000000,"min":"1ms","max":"9ms"}`,
		`{"kind":"slow","nodes":["b"],"min":"1ms","max":"9ms"}`,
	} {
		got, _ := act(t, 3, schedule(t, 0, element), func(x *cast) {
			for i := range 50 {
				x.send(time.Duration(100*i+10) * ms)
			}
			x.w.Sleep(200 * ms)
		})
		seen := map[string]bool{}
		for _, line := range strings.Split(got, ", ") {
			at, _ := time.ParseDuration(line[strings.LastIndexByte(line, ' ')+1:])
			seen[(at % (100 * ms)).String()] = true
		}
		if len(seen) < 30 {
			t.Errorf("%s: 50 messages have only %d different delays", element, len(seen))
		}
	}
}

// A picked message is counted by link, method and direction, all nine ways.
func TestPicksByMethodAndDirection(t *testing.T) {
	kinds := []string{"", "X", "Y"}
	dirs := []string{"both", "request", "reply"}
	for _, method := range kinds {
		for _, dir := range dirs {
			element := strings.Replace(`{"kind":"drop","from":["a"],"to":["b"],"method":"`+method+`","dir":"`+dir+`","nth":2}`, `"method":"",`, "", 1)
			var sent []*Message
			var lost []int
			_, r := act(t, 1, schedule(t, 0, element), func(x *cast) {
				for i := range 12 {
					name := kinds[1+i%2]
					m := &Message{Kind: x.w.Kind(name), Reply: i/2%2 == 1}
					sent = append(sent, m)
					x.link.Send(m, 0, picked{func(Fate) { lost = append(lost, i) }})
					x.w.Sleep(20 * ms)
				}
			})
			nth := 0
			for i, m := range sent {
				if (method == "" || method == kinds[1+i%2]) && (dir == "both" || m.Reply == (dir == "reply")) {
					if nth++; nth == 2 && (len(lost) != 1 || lost[0] != i) {
						t.Errorf("%s: lost %v, want %d", element, lost, i)
					}
				}
			}
			want(t, element, fired(r), "1")
		}
	}
}

// picked is a receiver that tells of what is dropped.
type picked struct{ drop func(Fate) }

func (picked) Deliver(*Message)            {}
func (p picked) Drop(m *Message, why Fate) { p.drop(why) }

func TestBandwidth(t *testing.T) {
	for _, c := range []struct{ name, elements, want, fired string }{
		{"one after the other", `{"kind":"bandwidth","from":["a"],"to":["b"],"bytes":1000}`,
			"#1 delivered 40ms, #2 delivered 60ms, #3 delivered 80ms, #4 delivered 100ms", "4"},
		{"too many wait", `{"kind":"bandwidth","from":["a"],"to":["b"],"bytes":1000,"queue":1}`,
			"#3 lost 10ms, #4 lost 10ms, #1 delivered 40ms, #2 delivered 60ms", "4"},
		{"what is lost further on was on the wire", `{"kind":"bandwidth","from":["a"],"to":["b"],"bytes":1000}
			{"kind":"drop","from":["a"],"to":["b"],"nth":2}`,
			"#2 lost 10ms, #1 delivered 40ms, #3 delivered 80ms, #4 delivered 100ms", "3; 1"},
	} {
		got, r := act(t, 1, schedule(t, 0, strings.Split(c.elements, "\n")...), func(x *cast) {
			x.w.Sleep(10 * ms)
			for range 4 {
				x.link.Send(&Message{Size: 20}, 0, &x.box)
			}
			x.w.Sleep(time.Second)
		})
		want(t, c.name, got, c.want)
		want(t, c.name, fired(r), c.fired)
	}
	want(t, "the longest", perByte(1<<31-1, 1), 2147483647*time.Second)
}
