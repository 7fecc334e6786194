package story

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"samerun/internal/text"
)

// Widths of a diagram, in columns.
const (
	Width     = 100 // of a story with its margin
	margins   = 6   // what stands before a diagram: the margin of the story, and two columns more
	timeWidth = 11
	mostLanes = 60 // all lanes together; a wider diagram is written without them
	fewLanes  = 4  // so many have more room
	wideLane  = 8
	thinLane  = 6
)

// draw writes rows as a diagram, each in one line.
func draw(rows []Row) []string {
	rows = printable(rows)
	d := layout(lanesOf(rows))
	d.numbers = widthOfNumbers(rows)
	var out []string
	if len(d.lanes) > 0 {
		head := strings.Repeat(" ", timeWidth)
		for i, l := range d.lanes {
			head += center(l.Name, d.widths[i])
		}
		out = append(out, d.numbered(head, numbersTitle))
	}
	for i := range rows {
		number := ""
		if rows[i].Event > 0 {
			number = fmt.Sprintf("#%d", rows[i].Event)
		}
		out = append(out, d.numbered(d.row(&rows[i]), number))
	}
	return out
}

// numbersTitle stands above the numbers of events, which are those of samerun trace.
const numbersTitle = "event"

// widthOfNumbers is how wide the numbers of events are, 0 if none is known.
func widthOfNumbers(rows []Row) int {
	most := uint64(0)
	for _, r := range rows {
		most = max(most, r.Event)
	}
	if most == 0 {
		return 0
	}
	return max(len(numbersTitle), 1+len(strconv.FormatUint(most, 10)))
}

// numbered is a line with a number, or what stands above the numbers, at its right end, if there is
// room: what a message holds says more. Log lines leave room for theirs.
func (d *drawing) numbered(line, number string) string {
	line = strings.TrimRight(line, " ")
	gap := Width - margins - utf8.RuneCountInString(line) - len(number)
	if d.numbers == 0 || number == "" || gap < gapBefore {
		return line
	}
	return line + strings.Repeat(" ", gap) + number
}

// gapBefore is the least that is left free before a number.
const gapBefore = 2

// layout says how wide lanes are drawn, if there is room for them.
func layout(lanes []Lane) drawing {
	least := thinLane
	if len(lanes) <= fewLanes {
		least = wideLane
	}
	d := drawing{lanes: lanes}
	for _, l := range lanes {
		d.widths = append(d.widths, max(least, utf8.RuneCountInString(l.Name)+2))
		d.width += d.widths[len(d.widths)-1]
	}
	if d.width > mostLanes {
		return drawing{}
	}
	return d
}

// room is how much of a row's text can be shown.
func (d *drawing) room() int {
	if d.width == 0 {
		return Width - margins - timeWidth
	}
	return Width - margins - timeWidth - d.end() - 2
}

// printable are rows whose names and texts are parts of one line.
func printable(rows []Row) []Row {
	fit := make([]Row, len(rows))
	for i, r := range rows {
		r.From.Name, r.To.Name, r.Text, r.Args = text.Line(r.From.Name), text.Line(r.To.Name), text.Line(strings.ReplaceAll(r.Text, "\n", " ")), text.Line(strings.ReplaceAll(r.Args, "\n", " "))
		fit[i] = r
	}
	return fit
}

// lanesOf are the nodes that rows are about, in the order in which they were made.
func lanesOf(rows []Row) []Lane {
	var lanes []Lane
	for _, r := range rows {
		for _, l := range slices.Concat([]Lane{r.From, r.To}, r.Tos, r.Froms) {
			if l.Index > 0 && !slices.Contains(lanes, l) {
				lanes = append(lanes, l)
			}
		}
	}
	slices.SortFunc(lanes, func(a, b Lane) int { return cmp.Compare(a.Index, b.Index) })
	return lanes
}

// drawing is how wide everything is.
type drawing struct {
	lanes  []Lane
	widths []int // of each
	width  int   // of all

	numbers int // how wide the numbers of events are, 0 for none
}

// column is where the line of a lane stands, -1 if it has none.
func (d *drawing) column(l Lane) int {
	begin := 0
	for i, x := range d.lanes {
		if x == l {
			return begin + d.widths[i]/2
		}
		begin += d.widths[i]
	}
	return -1
}

// end is the column behind the line of the last lane.
func (d *drawing) end() int { return d.column(d.lanes[len(d.lanes)-1]) + 1 }

func (d *drawing) row(r *Row) string {
	cells := []rune(strings.Repeat(" ", d.width))
	for _, l := range d.lanes {
		cells[d.column(l)] = '│'
		if r.Mark == Folded {
			cells[d.column(l)] = '┊'
		}
	}
	from, to := d.column(r.From), d.column(r.To)
	switch {
	case from >= 0 && to >= 0 && from != to:
		d.arrows(cells, r)
	case from >= 0 && r.Mark == Cross:
		cells[from] = '╳'
	case from >= 0 && r.Mark != Remark:
		cells[from] = '●'
	}
	begin := r.begin()
	line := begin + strings.Repeat(" ", max(1, timeWidth-utf8.RuneCountInString(begin)))
	if d.width > 0 {
		line += string(cells[:d.end()]) + "  "
	}
	return strings.TrimRight(line+d.words(r), " ")
}

// begin is what stands before the lanes: the time.
func (r *Row) begin() string {
	if r.Mark == Folded {
		return "…"
	}
	return string(text.AppendTime(nil, r.At))
}

// words are what stands behind the lanes, as far as there is room.
func (d *drawing) words(r *Row) string {
	if r.Mark == Folded {
		return r.folded(d.room())
	}
	what, room := r.Text, d.room()
	if r.Mark == Remark && r.Event > 0 {
		room -= d.numbers + gapBefore
	}
	switch {
	case len(d.lanes) == 0 && r.To.Index > 0:
		what = r.From.Name + " → " + r.To.Name + "  " + what
	case r.Mark == OfLink:
	case r.From.Index > 0 && r.To.Index == 0:
		what = r.From.Name + "  " + what
	}
	if r.Times > 1 {
		what += fmt.Sprintf(" (%d times, until %v)", r.Times, r.Until.Round(time.Millisecond))
	}
	const least = 8 // of what it holds: less says nothing
	if left := room - utf8.RuneCountInString(what) - 2; r.Args != "" && left >= least {
		what += "  " + fitFields(r.Args, left)
	}
	return cutRunes(what, room)
}

// folded says what a row stands for: "7 Raft.AppendEntries, 6 replies, 3 more", with fewer names where
// there is less room.
func (r *Row) folded(room int) string {
	fold := r.Fold
	for {
		line := r.foldedLine(fold)
		n := len(fold)
		if n < 2 || utf8.RuneCountInString(line) <= room {
			return cutRunes(line, room)
		}
		rest := Folding{Times: fold[n-1].Times + fold[n-2].Times}
		fold = append(slices.Clone(fold[:n-2]), rest)
	}
}

// foldedLine is, for a row of one kind of message alone, "for 4.9s nothing but 98 × Raft.AppendEntries,
// 97 replies".
func (r *Row) foldedLine(fold []Folding) string {
	var parts []string
	for _, f := range fold {
		switch of := text.Line(f.Of); {
		case of == "":
			parts = append(parts, fmt.Sprintf("%d more", f.Times))
		case of == cameTrue:
			parts = append(parts, fmt.Sprintf("%d came true", f.Times))
		case of == faultEnds && f.Times > 1:
			parts = append(parts, fmt.Sprintf("%d faults end", f.Times))
		case of == faultEnds:
			parts = append(parts, "1 fault ends")
		case strings.ContainsAny(of, "./0123456789") || of != strings.ToLower(of) || strings.HasSuffix(of, "s") || strings.HasSuffix(of, " lost"):
			parts = append(parts, fmt.Sprintf("%d × %s", f.Times, of)) // a name
		default:
			parts = append(parts, strings.Replace(text.Count(f.Times, of), "replys", "replies", 1))
		}
	}
	if r.Only {
		return "… for " + (r.Until - r.At).Round(100*time.Millisecond).String() + " nothing but " + strings.Join(parts, ", ") + " …"
	}
	return "… " + strings.Join(parts, ", ") + " …"
}

// arrows draws a message from all its senders to all its ends.
func (d *drawing) arrows(cells []rune, r *Row) {
	arrow(cells, d.column(r.From), d.column(r.To), r.Mark)
	left, right := d.column(r.To) < d.column(r.From), d.column(r.To) > d.column(r.From)
	for _, l := range r.Tos {
		if to := d.column(l); to >= 0 {
			arrow(cells, d.column(r.From), to, r.Mark)
			left, right = left || to < d.column(r.From), right || to > d.column(r.From)
		}
	}
	if left && right {
		cells[d.column(r.From)] = '●'
	}
	for _, l := range r.Froms {
		if from := d.column(l); from >= 0 {
			arrow(cells, from, d.column(r.To), r.Mark)
			cells[from], cells[d.column(r.From)] = '●', '●'
		}
	}
	// Heads and senders that another arrow has crossed.
	for _, l := range r.Froms {
		cells[d.column(l)] = '●'
	}
	for _, l := range append([]Lane{r.To}, r.Tos...) {
		if to := d.column(l); to >= 0 && r.Mark == Happens {
			cells[to] = '▶'
			if to < d.column(r.From) {
				cells[to] = '◀'
			}
		}
	}
}

// arrow draws a message, or what befalls a link, from one column to another.
func arrow(cells []rune, from, to int, mark Mark) {
	low, high := min(from, to), max(from, to)
	for i := low + 1; i < high; i++ {
		switch {
		case mark == OfLink && cells[i] == ' ':
			cells[i] = '┄'
		case cells[i] == ' ':
			cells[i] = '─'
		case mark != OfLink && cells[i] == '│':
			cells[i] = '┼'
		}
	}
	step, start, head := 1, '├', '▶'
	if to < from {
		step, start, head = -1, '┤', '◀'
	}
	cells[from] = start
	switch mark {
	case Cross:
		cells[to-step] = '╳'
	case Waits:
		cells[to-step] = '◇'
	case Leaves:
		cells[to-step] = ' '
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
