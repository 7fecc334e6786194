package story

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"samerun/internal/text"
)

// Widths of a diagram, in columns.
const (
	timeWidth = 12
	mostLanes = 90 // all lanes together; a wider diagram is written without them
)

// draw writes rows as a diagram, each in one line.
func draw(rows []Row) []string {
	rows = printable(rows)
	lanes := lanesOf(rows)
	gap := 8
	for _, l := range lanes {
		gap = max(gap, utf8.RuneCountInString(l.Name)+2)
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
			head += center(l.Name, gap)
		}
		out = append(out, strings.TrimRight(head, " "))
	}
	for i := range rows {
		out = append(out, d.row(&rows[i]))
	}
	return out
}

// printable are rows whose names and texts are parts of one line.
func printable(rows []Row) []Row {
	fit := make([]Row, len(rows))
	for i, r := range rows {
		r.From.Name, r.To.Name, r.Text = text.Line(r.From.Name), text.Line(r.To.Name), text.Line(strings.ReplaceAll(r.Text, "\n", " "))
		fit[i] = r
	}
	return fit
}

// lanesOf are the nodes that rows are about, in the order in which they were made.
func lanesOf(rows []Row) []Lane {
	var lanes []Lane
	for _, r := range rows {
		for _, l := range [...]Lane{r.From, r.To} {
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
	lanes []Lane
	gap   int
	width int
}

// column is where the line of a lane stands, -1 if it has none.
func (d *drawing) column(l Lane) int {
	i := slices.Index(d.lanes, l)
	if i < 0 {
		return -1
	}
	return i*d.gap + d.gap/2
}

func (d *drawing) row(r *Row) string {
	cells := []rune(strings.Repeat(" ", d.width))
	for _, l := range d.lanes {
		cells[d.column(l)] = '│'
	}
	from, to := d.column(r.From), d.column(r.To)
	switch {
	case from >= 0 && to >= 0 && from != to:
		arrow(cells, from, to, r.Mark)
	case from >= 0 && r.Mark == Cross:
		cells[from] = '╳'
	case from >= 0 && r.Mark != Remark:
		cells[from] = '●'
	}
	what := r.Text
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
	line := string(text.Fill(text.AppendTime(nil, r.At), timeWidth)) + string(cells)
	if d.width > 0 {
		line += "  "
	}
	return strings.TrimRight(line+what, " ")
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
		case mark != OfLink:
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
