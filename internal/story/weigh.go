package story

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The weights of events. What counts is only which is greater: a fault, say, than a message of
// which there are hundreds.
const (
	always     = 1 << 20
	ofStrike   = 900
	ofState    = 800
	ofChain    = 600 // less for each cause between it and the failure, and for what is not new
	chainStep  = 12
	ofMishap   = 300 // and as much again, shared by all mishaps in handfuls
	ofSaying   = 350
	ofOther    = 250
	ofEnd      = 120
	ofDelivery = 100
	ofRarity   = 300 // shared by the messages of a kind in handfuls
	ofNews     = 150 // it holds something else than the last one of its kind on its link
	ofFirst    = 100 // the first of its kind
	ofLast     = 200 // the last one at its node
	ofNamed    = 300 // and that the failure names the node
	ofLate     = 100 // the last events of all, less for those before them
	ofName     = 60  // it is about a node that the failure names
	ofWord     = 250 // it holds a word that the failure has, shared by all that do in handfuls
	handful    = 6
	tooLight   = 250 // it is not shown, if anything is left out
)

// weigh gives each event its weight.
func (x *picker) weigh(all []Event) {
	x.weights = make([]int, len(x.events))
	beats := make([]bool, len(x.events))
	mishaps, kinds := 0, map[string]int{}
	for _, e := range x.events {
		if e.What == Mishap {
			mishaps++
		}
		if e.Kind != "" {
			kinds[e.like()]++
		}
	}
	depth := depths(all)
	last, seen := map[link]holding{}, map[string]bool{}
	for i, e := range x.events {
		w := ofLate * i / len(x.events)
		switch e.What {
		case Broken:
			w += always
		case Strike:
			w += ofStrike
		case State:
			w += ofState
		case Mishap:
			w += ofMishap + share(ofMishap, mishaps)
			if again := string(e.Mark) + e.like() + e.From.Name + "→" + e.To.Name + e.Args; seen[again] {
				w -= ofMishap
			} else {
				seen[again] = true
			}
		case Saying:
			w += ofSaying
			if seen[e.Text] {
				w -= ofSaying / 2
			}
			seen[e.Text] = true
		case End:
			w += ofEnd
		case Birth:
			w = 0
		case Sending:
			w += ofDelivery / 2
		case Delivery:
			w += ofDelivery
		default:
			w += ofOther
		}
		fresh := e.Kind == "" || e.What == Mishap || e.What == Sending
		if kind := e.like(); e.Kind != "" {
			w += share(ofRarity, kinds[kind])
			l := link{e.From.Index, e.To.Index, kind}
			holds := holding{e.Args, e.Hash}
			before, again := last[l]
			if again && before != holds {
				w += ofNews
			}
			fresh = fresh || !again || before != holds
			last[l] = holds
			if !seen[kind] {
				w += ofFirst
				seen[kind] = true
			}
		}
		beat := !fresh && (e.Args != "" || e.Hash != 0) // it holds what the last one held, such as a heartbeat
		for _, n := range append(e.also, e.N) {
			if d, ok := depth[n]; ok && n > 0 {
				led := max(0, ofChain-chainStep*d)
				if !fresh {
					led /= 8
				}
				w += led
				break
			}
		}
		beats[i] = beat
		x.weights[i] = w
	}
	said := map[string]bool{}
	before := ""
	for _, w := range wordsOf(x.failure) {
		said[w] = true
		if isNumber(w) {
			said[before+w] = true // "client 1" is the node client1
		}
		before = w
	}
	x.words(said)
	for i, beat := range beats {
		if beat {
			x.weights[i] = min(x.weights[i], tooLight-1)
		}
	}
	x.lastOfNodes(said)
}

// link is where messages of a kind go.
type link struct {
	from, to int
	kind     string
}

// holding is what a message holds.
type holding struct {
	args string
	hash uint64
}

// share is a weight that so many have in common.
func share(weight, by int) int { return weight / (1 + by/handful) }

// depths are the events that led to the failure, each cause to the one before it, by number;
// the failure is at 0.
func depths(events []Event) map[uint64]int {
	depth := map[uint64]int{}
	want := uint64(0)
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		if want == 0 && e.What == Broken || want != 0 && e.N == want {
			depth[e.N] = len(depth)
			if want = e.Cause; want == 0 {
				break
			}
		}
	}
	return depth
}

// lastOfNodes adds weight to the last thing that happened at each node.
func (x *picker) lastOfNodes(said map[string]bool) {
	seen := map[int]bool{}
	for i := len(x.events) - 1; i >= 0; i-- {
		e := x.events[i]
		at := []Lane{e.From}
		if e.To.Index != 0 && e.Mark == Happens {
			at = append([]Lane{e.To}, e.Tos...) // of a message, where it arrives
		}
		for _, l := range at {
			if l.Index == 0 || seen[l.Index] || e.What == End {
				continue
			}
			seen[l.Index] = true
			x.weights[i] += ofLast
			if said[l.Name] {
				x.weights[i] += ofNamed
			}
		}
	}
}

// words adds weight to events about nodes that the failure names, and to those that hold
// a word that the failure has.
func (x *picker) words(said map[string]bool) {
	names := map[string]bool{}
	for _, e := range x.events {
		names[e.From.Name], names[e.To.Name] = true, true
	}
	holders := map[string][]int{} // where a word is found
	var order []string
	for i, e := range x.events {
		if e.What == Broken || e.What == Birth {
			continue
		}
		for _, l := range [...]Lane{e.From, e.To} {
			if l.Name != "" && said[l.Name] {
				x.weights[i] += ofName
			}
		}
		had := map[string]bool{}
		for _, w := range wordsOf(e.Text + " " + e.Args) {
			if !said[w] || names[w] || had[w] || !telling(w) {
				continue
			}
			had[w] = true
			if holders[w] == nil {
				order = append(order, w)
			}
			holders[w] = append(holders[w], i)
		}
	}
	for _, w := range order {
		for _, i := range holders[w] {
			x.weights[i] += share(ofWord, len(holders[w]))
		}
	}
}

// wordsOf are the words of a text: letters and digits, with what joins them.
func wordsOf(s string) []string {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '_' })
	for i, w := range words {
		words[i] = strings.Trim(w, ".")
	}
	return words
}

func isNumber(w string) bool {
	return w != "" && !strings.ContainsFunc(w, func(r rune) bool { return r < '0' || r > '9' })
}

// telling says whether a word may tell one event from another: a name with a digit, such as
// c2.3, or a number of at least two digits.
func telling(w string) bool {
	return utf8.RuneCountInString(w) > 1 && strings.ContainsFunc(w, unicode.IsDigit)
}
