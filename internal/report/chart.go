package report

import (
	"fmt"
	"html/template"
	"strings"

	"samerun/internal/text"
)

// Charts are SVG with nothing in it but numbers: no text of a program's comes into one.

// The inner size of a chart.
const (
	chartWidth  = 300
	chartHeight = 84
)

// curve is how one thing grew over the runs.
type curve struct {
	Name string
	Last int
	SVG  template.HTML
}

// Curves are those of a test that came to anything.
func (t *Test) Curves() (all []curve) {
	if len(t.Growth) < 2 {
		return nil
	}
	for _, c := range []struct {
		name, class string
		of          func(p *Point) int
	}{
		{"states", "c1", func(p *Point) int { return p.States }},
		{"Sometimes", "c2", func(p *Point) int { return p.Sometimes }},
		{"orders of places", "c3", func(p *Point) int { return p.Orders }},
		{"different runs", "c4", func(p *Point) int { return p.Different }},
	} {
		if last := c.of(&t.Growth[len(t.Growth)-1]); last > 0 {
			all = append(all, curve{c.name, last, t.chart(c.class, c.of)})
		}
	}
	return all
}

// chart draws a curve, with the area below it.
func (t *Test) chart(class string, of func(p *Point) int) template.HTML {
	last := &t.Growth[len(t.Growth)-1]
	runs, most := max(last.Runs, 1), max(of(last), 1)
	var line strings.Builder
	for i := range t.Growth {
		p := &t.Growth[i]
		fmt.Fprintf(&line, "%d,%d ", p.Runs*chartWidth/runs, chartHeight-of(p)*(chartHeight-6)/most)
	}
	points := strings.TrimSpace(line.String())
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart %s" viewBox="-2 0 %d %d" preserveAspectRatio="none" role="img" aria-label="growth over %d runs, to %d">`, class, chartWidth+4, chartHeight+2, last.Runs, of(last))
	for y := 1; y < 4; y++ {
		fmt.Fprintf(&b, `<line class="grid" x1="0" x2="%d" y1="%d" y2="%d"/>`, chartWidth, y*chartHeight/4, y*chartHeight/4)
	}
	fmt.Fprintf(&b, `<polygon class="area" points="0,%d %s %d,%d"/><polyline class="line" points="0,%d %s"/>`, chartHeight, points, chartWidth, chartHeight, chartHeight, points)
	fmt.Fprintf(&b, `<line class="base" x1="0" x2="%d" y1="%d" y2="%d"/></svg>`, chartWidth, chartHeight, chartHeight)
	return template.HTML(b.String())
}

// spread is how values of runs lie.
type spread struct {
	Name                    string
	Min, P50, P90, P99, Max string
	SVG                     template.HTML
	Plain                   bool // there is nothing to draw
}

// Spreads are those of the real and the virtual time of a run, and of its events.
func (t *Test) Spreads() []spread {
	ns := func(name string, q Quantiles, h *histogram) spread {
		return spread{Name: name, Min: nanos(q.Min), P50: nanos(q.P50), P90: nanos(q.P90), P99: nanos(q.P99), Max: nanos(q.Max), SVG: h.svg(), Plain: len(h.bins) < 2}
	}
	e := t.Events
	return []spread{
		ns("real time", t.Wall, &t.histograms[0]),
		ns("virtual time", t.Virtual, &t.histograms[1]),
		{Name: "events", Min: grouped(e.Min), P50: grouped(e.P50), P90: grouped(e.P90), P99: grouped(e.P99), Max: grouped(e.Max), Plain: true},
	}
}

// svg draws the bins as bars.
func (h *histogram) svg() template.HTML {
	if len(h.bins) < 2 {
		return ""
	}
	const height = 30
	most := 1
	for _, n := range h.bins {
		most = max(most, n)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="bars" viewBox="0 0 %d %d" preserveAspectRatio="none" role="img" aria-label="how many runs took how long">`, 10*len(h.bins), height)
	for i, n := range h.bins {
		tall := n * height / most
		if n > 0 {
			tall = max(tall, 1)
		}
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="8" height="%d"><title>%s from %s: %s</title></rect>`, 10*i+1, height-tall, tall, text.Count(uint64(n), "run"), nanos(boundOf(h.first+i)), share(uint64(n), uint64(h.all())))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// all is how many values were counted.
func (h *histogram) all() (n int) {
	for _, k := range h.bins {
		n += k
	}
	return n
}
