package link

import (
	"strconv"

	"samerun/internal/overlay/leaf/rule"
)

// hit counts that the rule took effect on a piece.
func (x *LinkRule) hit(l *Link, p *LinkPiece, now int64) {
	c := x.count
	if c.Hits++; c.Hits == 1 {
		c.FirstAt, c.First = now, l.pick(x.Kind, p, 0)
	}
}

// picked is hit for what chance decides: it is told as the pick that does the same.
func (x *LinkRule) picked(l *Link, p *LinkPiece, now int64, as rule.Kind, late int64) {
	x.hit(l, p, now)
	if f := l.all.OnHit; f != nil && x.leftToChance() {
		f(x.Index, l.pick(as, p, late))
	}
}

// pick is what has befallen a piece as a line:
//
//	hold conn=2 nth=5 dir=1 min=200000000 from "TestX" to "listener 1"
//
// nth is left out for a dial or a whole connection; conn and dir for datagrams, of which nth
// counts everything that is sent on the link; and min if it is 0.
func (l *Link) pick(k rule.Kind, p *LinkPiece, late int64) string {
	b := append(make([]byte, 0, 96), k.String()...)
	nth, dir := int64(p.Nth), int64(p.dir())
	if p.Conn == 0 {
		if dir = 0; p.nth[0] > 0 {
			nth = int64(p.nth[0])
		}
	}
	for _, n := range [...]struct {
		name  string
		value int64
	}{{" conn=", int64(p.Conn)}, {" nth=", nth}, {" dir=", dir}, {" min=", late}} {
		if n.value != 0 {
			b = strconv.AppendInt(append(b, n.name...), n.value, 10)
		}
	}
	b = strconv.AppendQuote(append(b, " from "...), l.From.Name())
	b = strconv.AppendQuote(append(b, " to "...), l.To.Name())
	return string(b)
}
