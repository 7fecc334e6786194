package sim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A diagram draws the end of a run: time goes down, each node has a lane, and each
// message is an arrow in the row in which it arrives, or in which it is certain that
// it will not. (Lamport, "Time, clocks, and the ordering of events in a distributed
// system", CACM 1978, has time go up and arrows aslant, for which a terminal has no
// room.)
//
//	           server  client0
//	0.013500s    ◀────────┤     Counter.Add #1, after 13.5ms
//	0.013500s    ├───────╳│     Counter.Add reply #1 is lost
//	0.027000s    ◀────────┤     Counter.Add #2, after 13.5ms
//	0.027000s  fail  property "no addition counts twice"

// row is one line of a diagram.
type row struct {
	at       time.Duration
	what     What
	from, to lane
	text     string
}

// lane is a node in a diagram; the main node, and no node, have none.
type lane struct {
	index int // of the node, 0 if it has no lane
	name  string
}

func laneOf(n *Node) lane {
	if n == nil || n.index == 0 {
		return lane{}
	}
	return lane{n.index, n.name}
}

// rowOf is the row that shows a record. A sending has none: its message has.
func rowOf(r *Record) (row, bool) {
	if r.What == Sent {
		return row{}, false
	}
	x := row{at: r.At, what: r.What, from: laneOf(r.Node), to: laneOf(r.Peer), text: r.Text}
	switch {
	case r.Msg != nil:
		x.text = r.messageText()
	case r.What == Booted || r.What == Crashed:
		x.text = r.What.String() + " " + strconv.FormatUint(r.N, 10)
	case r.Peer != nil || r.What == Paused || r.What == Resumed:
		x.text = r.What.String()
	case r.What == Failed:
		x.text = "fail  " + r.Text
	case r.What == Met:
		x.text = "met  " + r.Text
	case r.What == FaultBegins:
		x.text = "fault  " + strings.TrimSpace(r.Text)
	case r.What == FaultEnds:
		x.text = "over  " + strings.TrimSpace(r.Text)
	case r.What == Quiet:
		x.text = "quiet"
	}
	return x, true
}

// messageText says which message it is and what became of it.
func (r *Record) messageText() string {
	m := r.Msg
	text := r.Node.w.KindName(m.Kind)
	if m.Reply {
		text += " reply"
	}
	text = strings.TrimSpace(text) + " #" + strconv.FormatUint(m.Nth, 10)
	if r.Peer.index == 0 || r.Node.index == 0 {
		text += " " + r.Node.name + " → " + r.Peer.name // there is no arrow to tell
	}
	switch r.What {
	case Arrived:
		text += ", after " + (r.At - m.sent).Round(time.Microsecond).String()
	case Dropped:
		switch r.Fate {
		case Lost:
			text += " is lost"
		case Cut:
			text += " is cut off"
		default:
			text += " finds the node down"
		}
	case Held:
		text += " is held"
	}
	if m.late {
		text += ", held back"
	}
	return text
}

// Widths of a diagram, in columns.
const (
	timeWidth = 12
	mostLanes = 90 // all lanes together; a wider diagram is written without them
)

// draw writes rows as a diagram.
func draw(rows []row) []string {
	lanes := lanesOf(rows)
	gap := 8
	for _, l := range lanes {
		gap = max(gap, utf8.RuneCountInString(l.name)+2)
	}
	width := gap * len(lanes)
	if width > mostLanes {
		lanes, width = nil, 0
	}
	d := drawing{lanes: lanes, gap: gap, width: width}
	var out []string
	if len(lanes) > 0 {
		head := strings.Repeat(" ", timeWidth)
		for _, l := range lanes {
			head += center(l.name, gap)
		}
		out = append(out, strings.TrimRight(head, " "))
	}
	for i := range rows {
		out = append(out, d.row(&rows[i]))
	}
	return out
}

// lanesOf are the nodes that rows are about, in the order in which they were made.
func lanesOf(rows []row) []lane {
	var lanes []lane
	for _, r := range rows {
		for _, l := range [...]lane{r.from, r.to} {
			if l.index > 0 && !slices.Contains(lanes, l) {
				lanes = append(lanes, l)
			}
		}
	}
	slices.SortFunc(lanes, func(a, b lane) int { return cmp.Compare(a.index, b.index) })
	return lanes
}

// drawing is how wide everything is.
type drawing struct {
	lanes []lane
	gap   int
	width int
}

// column is where the line of a lane stands, -1 if it has none.
func (d *drawing) column(l lane) int {
	i := slices.Index(d.lanes, l)
	if i < 0 {
		return -1
	}
	return i*d.gap + d.gap/2
}

func (d *drawing) row(r *row) string {
	cells := []rune(strings.Repeat(" ", d.width))
	for _, l := range d.lanes {
		cells[d.column(l)] = '│'
	}
	from, to := d.column(r.from), d.column(r.to)
	link := r.what == LinkCut || r.what == LinkHealed || r.what == LinkClogged || r.what == LinkReleased
	switch {
	case from >= 0 && to >= 0 && from != to:
		d.arrow(cells, from, to, r.what, link)
	case from >= 0 && r.what != Note:
		cells[from] = '●'
		if r.what == Crashed || r.what == Dropped {
			cells[from] = '╳'
		}
	}
	text := r.text
	switch {
	case len(d.lanes) == 0 && r.to.index > 0:
		text = r.from.name + " → " + r.to.name + "  " + text
	case link:
	case r.from.index > 0 && r.to.index == 0:
		text = r.from.name + "  " + text
	}
	b := fill(appendTime(nil, r.at), timeWidth)
	line := string(b) + string(cells)
	if d.width > 0 {
		line += "  "
	}
	return strings.TrimRight(line+strings.ReplaceAll(text, "\n", " "), " ")
}

// arrow draws a message, or what befalls a link, from one column to another.
func (d *drawing) arrow(cells []rune, from, to int, what What, link bool) {
	low, high := min(from, to), max(from, to)
	for i := low + 1; i < high; i++ {
		switch {
		case link && cells[i] == ' ':
			cells[i] = '┄'
		case cells[i] == ' ':
			cells[i] = '─'
		case !link:
			cells[i] = '┼'
		}
	}
	step, start, head := 1, '├', '▶'
	if to < from {
		step, start, head = -1, '┤', '◀'
	}
	cells[from] = start
	switch what {
	case Dropped:
		cells[to-step] = '╳'
	case Held:
		cells[to-step] = '◇'
	default:
		cells[to] = head
	}
}

// center puts a name in the middle of so many columns.
func center(name string, width int) string {
	left := max(0, (width-utf8.RuneCountInString(name)+1)/2)
	text := strings.Repeat(" ", left) + name
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}
