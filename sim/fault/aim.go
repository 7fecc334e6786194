package fault

import (
	"slices"
	"time"

	"samerun/internal/keyed"
)

// aim draws whom an element hits.
func (d *drawing) aim(f *Fault, info Info, k keyed.Key) {
	switch {
	case f.Kind == Split || f.Kind == Ring || f.Kind == Bridge || f.Kind == Swizzle:
		f.Nodes = d.nodes // they choose among them, by their own keys
	case f.Kind == Partition || f.Kind == Flapping:
		f.Nodes, _ = d.sides(k)
	case f.Kind == OneWay:
		f.From, f.To = d.sides(k)
		if k.Str("way").Below(2) == 1 {
			f.From, f.To = f.To, f.From
		}
	case info.Group == Links:
		d.aimLink(f, info, k)
	default:
		f.Nodes = []string{d.nodes[k.Below(uint64(len(d.nodes)))]}
	}
}

// aimLink draws one link, or in one case of four all links from a node, and half
// of the times only requests or only replies.
func (d *drawing) aimLink(f *Fault, info Info, k keyed.Key) {
	n := uint64(len(d.nodes))
	from := k.Str("from").Below(n)
	to := (from + 1 + k.Str("to").Below(n-1)) % n
	f.From, f.To = []string{d.nodes[from]}, []string{d.nodes[to]}
	if k.Str("fan").Below(4) == 0 {
		f.To = d.nodes
	}
	if way := k.Str("dir").Below(4); way < 2 && info.Uses(FieldDir) {
		f.Dir = Request + Dir(way)
	}
}

// sides draws a set of nodes that is at most half of them, and the rest, both in
// the order of the list.
func (d *drawing) sides(k keyed.Key) (few, rest []string) {
	n := len(d.nodes)
	size := 1 + int(k.Str("size").Below(uint64(n/2)))
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	for i := range size {
		j := i + int(k.With(uint64(i)).Below(uint64(n-i)))
		order[i], order[j] = order[j], order[i]
	}
	slices.Sort(order[:size])
	slices.Sort(order[size:])
	for _, i := range order[:size] {
		few = append(few, d.nodes[i])
	}
	for _, i := range order[size:] {
		rest = append(rest, d.nodes[i])
	}
	return few, rest
}

// maxSites bounds the pairs of sites.
const maxSites = 64

// far is how many times the distance of two sites a message may take.
const far = 3

// apart is the latency between two sites at a distance, From and To left out.
func (r *Rule) apart(distance time.Duration) Fault {
	f := Fault{Kind: Latency, Shape: r.Shape, Min: distance}
	if r.Shape != Fixed {
		f.Max = far * distance
	}
	return f
}

// distances draws the latencies between sites. A site goes by the name of its
// first node, so that the distance of two nodes does not depend on the others as
// long as there are no more nodes than sites.
func (d *drawing) distances(r *Rule, k keyed.Key) {
	sites := make([][]string, min(r.Sites, maxSites, len(d.nodes)))
	for i, name := range d.nodes {
		sites[i%len(sites)] = append(sites[i%len(sites)], name)
	}
	for i, a := range sites {
		for _, b := range sites[i+1:] {
			near, other := min(a[0], b[0]), max(a[0], b[0])
			choose := drawFrom(k.Str(near).Str(other))
			f := r.apart(time.Duration(choose("distance", int64(r.Delay.Min), int64(r.Delay.Max))))
			if len(a) == 1 && len(b) == 1 {
				// One element for both ways: no node has a link to itself.
				f.From = []string{a[0], b[0]}
				f.To = f.From
				d.add(f)
				continue
			}
			f.From, f.To = a, b
			d.add(f)
			f.From, f.To = b, a
			d.add(f)
		}
	}
}
