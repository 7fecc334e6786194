package story

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Pick chooses the events that tell why a run has failed, so many lines at most, and makes
// them rows; it may change the events. What lies between two of them is folded into one row
// that says what it was. Before the events came left others, and failure is what broke.
//
// Nobody can know which events matter. Pick goes by what readers look for, and by numbers:
// what led to the failure, cause by cause; faults, and the messages that they met; nodes that
// went and came; what was said; messages of which there are few; those that hold something new;
// those that hold what the failure speaks of. Equal runs give equal rows.
func Pick(events []Event, left int, failure string, lines int) Ending {
	x := picker{failure: failure}
	x.events = merged(events)
	x.shorten()
	e := Ending{All: left}
	for _, r := range x.events {
		e.All += r.Count()
	}
	if len(x.events) == 0 {
		return e
	}
	if chosen := x.choose(events, lines); len(chosen) < len(x.events) {
		e.Rows = x.folded(chosen)
	} else {
		e.Rows = x.rows(chosen)
	}
	return e
}

// picker weighs the events of a run.
type picker struct {
	events  []*Event // that have rows
	failure string
	weights []int
}

// choose returns the places of the events to show, in order.
func (x *picker) choose(all []Event, lines int) []int {
	places := make([]int, len(x.events))
	for i := range places {
		places[i] = i
	}
	if len(places) <= lines {
		return places
	}
	x.weigh(all)
	slices.SortStableFunc(places, func(a, b int) int {
		return cmp.Or(cmp.Compare(x.weights[b], x.weights[a]), cmp.Compare(b, a))
	})
	// Each event costs a line, and each gap between two one more.
	shown := make([]bool, len(places)+2) // shifted by one, with an end on both sides
	shown[0], shown[len(places)+1] = true, true
	used := 1 // all is one gap
	for _, i := range places {
		if x.events[i].What == Birth || x.weights[i] < tooLight {
			continue // such as heartbeats; a birth would open a lane, and says nothing
		}
		cost := 2 // splits a gap
		for _, beside := range [...]bool{shown[i], shown[i+2]} {
			if beside {
				cost--
			}
		}
		if used+cost > lines {
			continue
		}
		shown[i+1], used = true, used+cost
	}
	var chosen []int
	for i := range places {
		// A gap of one event takes no less room than the event.
		if shown[i+1] || shown[i] && shown[i+2] && x.events[i].What != Birth {
			chosen = append(chosen, i)
			shown[i+1] = true
		}
	}
	return chosen
}

// rows makes rows of some events.
func (x *picker) rows(chosen []int) []Row {
	usual := x.usual()
	told := map[sender]string{} // what the last message of a kind from a node held
	same := x.sameFields()
	rows := make([]Row, len(chosen))
	from := 0
	for i, at := range chosen {
		// What has changed since it was shown is told again, even if it has changed back.
		for _, e := range x.events[from:at] {
			if before, again := told[e.sender()]; again && e.Args != "" && e.Args != before {
				delete(told, e.sender())
			}
		}
		from = at + 1
		e := x.events[at]
		rows[i] = e.Row
		rows[i].Text = e.text()
		if e.What == Delivery && e.Took > 3*usual && usual > 0 && !strings.Contains(e.Text, ", after ") {
			rows[i].Text += ", after " + e.Took.Round(time.Microsecond).String()
		}
		if e.Kind == "" || e.Args == "" {
			continue
		}
		before, again := told[e.sender()]
		rows[i].Args = newFields(e.Args, before, same[e.like()])
		if rows[i].Args == "" && !again {
			rows[i].Args = e.Args // nothing but zeros
		}
		told[e.sender()] = e.Args
	}
	return rows
}

// shorten leaves the names of services out of what was called, if there is little room and no
// two methods would have one name.
func (x *picker) shorten() {
	var rows []Row
	methods, names := map[string]bool{}, map[string]bool{}
	for _, e := range x.events {
		if len(rows) == 0 || rows[len(rows)-1].From != e.From || rows[len(rows)-1].To != e.To {
			rows = append(rows, Row{From: e.From, To: e.To})
		}
		if service, method, ok := strings.Cut(e.Kind, "."); ok && service != "" && method != "" && !strings.ContainsAny(e.Kind, " /") {
			methods[e.Kind], names[method] = true, true
		}
	}
	const enough = 64
	if d := layout(lanesOf(rows)); d.room() >= enough || len(methods) != len(names) {
		return
	}
	for _, e := range x.events {
		if methods[e.Kind] {
			_, method, _ := strings.Cut(e.Kind, ".")
			e.Text = strings.Replace(e.Text, e.Kind, method, 1)
			e.Kind = method
		}
	}
}

// mostCompared is how many messages are looked at for what all of a kind hold.
const mostCompared = 5000

// sameFields are, by kind, the fields that are the same in all messages of it; none of a kind
// of which there is but one.
func (x *picker) sameFields() map[string]map[string]bool {
	first, same := map[string]map[string]string{}, map[string]map[string]bool{}
	for _, e := range x.events[max(0, len(x.events)-mostCompared):] {
		if e.Kind == "" || e.Args == "" {
			continue
		}
		kind := e.like()
		values, again := first[kind]
		if !again {
			values = map[string]string{}
			first[kind] = values
		} else if same[kind] == nil {
			same[kind] = map[string]bool{}
			for name := range values { //samerun:allow maprange: each is entered once
				same[kind][name] = true
			}
		}
		for _, f := range fieldsOf(e.Args) {
			if !again {
				values[f.name] = f.value
			} else if values[f.name] != f.value {
				delete(same[kind], f.name)
			}
		}
	}
	return same
}

// like is the same for messages of one kind in one direction of a call.
func (e *Event) like() string {
	if e.Reply {
		return e.Kind + " reply"
	}
	return e.Kind
}

// sender is who sends messages of a kind.
type sender struct {
	kind string
	from int
}

func (e *Event) sender() sender { return sender{e.like(), e.From.Index} }

// usual is how long a message takes: half of them take no longer.
func (x *picker) usual() time.Duration {
	var took []time.Duration
	for _, e := range x.events {
		if e.What == Delivery {
			took = append(took, e.Took)
		}
	}
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// folded is rows with one more for each gap between them.
func (x *picker) folded(chosen []int) (rows []Row) {
	from := 0
	for i, r := range x.rows(chosen) {
		if chosen[i] > from {
			rows = append(rows, x.fold(from, chosen[i]))
		}
		rows = append(rows, r)
		from = chosen[i] + 1
	}
	if from < len(x.events) {
		rows = append(rows, x.fold(from, len(x.events)))
	}
	return rows
}

// mostFolded is how many kinds a row names of what it stands for.
const mostFolded = 3

// fold is a row for the events from one place to before another.
func (x *picker) fold(from, to int) Row {
	times, rest := map[string]int{}, 0
	var kinds []string
	of, only := map[string]bool{}, true
	for _, e := range x.events[from:to] {
		kind := e.word()
		of[e.Kind] = true
		only = only && e.Kind != "" && e.What == Delivery
		if times[kind] == 0 {
			kinds = append(kinds, kind)
		}
		times[kind] += e.Count()
		rest += e.Count()
	}
	slices.SortStableFunc(kinds, func(a, b string) int { return times[b] - times[a] })
	row := Row{At: x.events[from].At, Mark: Folded, Until: x.events[to-1].At}
	row.Only = only && len(of) == 1 && row.Until-row.At >= time.Second
	for i, kind := range kinds {
		if i == mostFolded {
			row.Fold = append(row.Fold, Folding{Times: rest})
			break
		}
		row.Fold = append(row.Fold, Folding{Times: times[kind], Of: kind})
		rest -= times[kind]
	}
	return row
}

// faultEnds is what the end of a fault, or of all, is when it is counted.
const faultEnds = "fault ends"

// cameTrue is how the text of an Eventually or a Sometimes begins that did.
const cameTrue = "came true"

// word is what an event is when it is counted.
func (e *Event) word() string {
	switch {
	case e.What == Saying:
		return "log line"
	case e.What == Strike:
		return "fault"
	case e.What == End && strings.HasPrefix(e.Text, "no more"):
		return "end of all faults"
	case e.What == End:
		return faultEnds
	case e.What == Birth:
		return "boot"
	case e.What == State && strings.HasPrefix(e.Text, "starts again"):
		return "restart"
	case e.What == State && strings.HasPrefix(e.Text, "crashes"):
		return "crash"
	case e.What == State:
		return "pause or resumption"
	case strings.HasPrefix(e.Text, cameTrue):
		return cameTrue
	case e.Kind != "" && e.Mark == Cross:
		return e.like() + " lost"
	case e.Reply:
		return "reply"
	case e.Kind != "":
		return e.Kind
	}
	switch word, _, _ := strings.Cut(e.Text, " "); word {
	case "goes": // on, of a goroutine
		return "turn"
	case "begins":
		return "start"
	default:
		return word
	}
}
