package shrink

import (
	"slices"

	"samerun/sim/fault"
)

// weaker returns elements of simpler kinds that do a part of what f does, the
// simplest first. nodes are the names to choose from where f means them all.
func weaker(f fault.Fault, nodes []string) []fault.Fault {
	var forms []fault.Fault
	named := expand(f.Nodes, nodes)
	switch f.Kind {
	case fault.OneWay:
		forms = append(forms, linked(f, fault.Cut, f.From, f.To))
	case fault.Isolate:
		for _, kind := range [...]fault.Kind{fault.Cut, fault.OneWay} {
			for _, n := range few(named) {
				forms = append(forms, bothWays(f, kind, []string{n}, nil)...)
			}
		}
	case fault.Partition:
		rest := without(nodes, named...)
		forms = append(forms, bothWays(f, fault.Cut, named, rest)...)
		forms = append(forms, bothWays(f, fault.OneWay, named, rest)...)
		forms = append(forms, each(f, fault.Isolate, named)...)
	case fault.Split, fault.Ring, fault.Bridge:
		forms = append(forms, each(f, fault.Isolate, named)...)
		for _, side := range sides(named) {
			forms = append(forms, befalling(f, fault.Partition, side))
		}
	case fault.Flapping:
		once, longer := befalling(f, fault.Partition, f.Nodes), befalling(f, fault.Partition, f.Nodes)
		once.For = f.Period
		forms = append(forms, once, longer)
	case fault.Swizzle:
		for _, n := range few(named) {
			forms = append(forms, bothWays(f, fault.Clog, []string{n}, nil)...)
		}
		forms = append(forms, linked(f, fault.Clog, named, named))
	}
	return forms
}

// mostPicks is how many messages of a link are tried in the place of a chance.
// Later ones would have to be guessed: a short window of a cut finds these.
const mostPicks = 32

// picks returns picks of one message that may stand for a chance on one link.
func picks(f fault.Fault) []fault.Fault {
	if len(f.From) != 1 || len(f.To) != 1 || !isNode(f.From[0]) || !isNode(f.To[0]) {
		return nil
	}
	g := fault.Fault{From: f.From, To: f.To, Method: f.Method, Dir: f.Dir}
	switch f.Kind {
	case fault.Loss:
		g.Kind = fault.Drop
	case fault.Duplicate, fault.Replay:
		g.Kind = fault.Twice
	case fault.Reorder:
		g.Kind, g.Min = fault.Hold, max(f.Min, f.Max)
	default:
		return nil
	}
	forms := make([]fault.Fault, mostPicks)
	for i := range forms {
		forms[i] = g
		forms[i].Nth = uint64(i) + 1
	}
	return forms
}

// linked is a fault of links that lasts as long as f.
func linked(f fault.Fault, kind fault.Kind, from, to []string) fault.Fault {
	return fault.Fault{Kind: kind, At: f.At, For: f.For, From: from, To: to}
}

// befalling is a fault of nodes that lasts as long as f.
func befalling(f fault.Fault, kind fault.Kind, nodes []string) fault.Fault {
	return fault.Fault{Kind: kind, At: f.At, For: f.For, Nodes: nodes}
}

// bothWays is the links from some nodes to the rest, and those back. No rest is
// all nodes: a fault of links never concerns a node and itself.
func bothWays(f fault.Fault, kind fault.Kind, some, rest []string) []fault.Fault {
	if len(rest) == 0 {
		rest = []string{"*"}
	}
	return []fault.Fault{linked(f, kind, some, rest), linked(f, kind, rest, some)}
}

// each is f's time for every one of the names.
func each(f fault.Fault, kind fault.Kind, names []string) []fault.Fault {
	names = few(names)
	forms := make([]fault.Fault, len(names))
	for i := range names {
		forms[i] = befalling(f, kind, names[i:i+1:i+1])
	}
	return forms
}

// mostNames bounds how many nodes are tried one by one in the place of several.
const mostNames = 32

func few(names []string) []string { return names[:min(len(names), mostNames)] }

// expand puts the nodes in the place of "*", if any are known.
func expand(names, nodes []string) []string {
	if len(names) == 1 && names[0] == "*" && len(nodes) > 0 {
		return nodes
	}
	return names
}

// without returns the nodes that are not among the names.
func without(nodes []string, names ...string) []string {
	var rest []string
	for _, n := range nodes {
		if !slices.Contains(names, n) {
			rest = append(rest, n)
		}
	}
	return rest
}

// mostSides is up to how many nodes all ways to part them are tried.
const mostSides = 6

// sides returns the sets of two or more of the names that are at most half of
// them, if the names are few. (Of one name there is Isolate.)
func sides(names []string) [][]string {
	if len(names) > mostSides {
		return nil
	}
	var list [][]string
	for set := 1; set < 1<<len(names); set++ {
		var side []string
		for i, name := range names {
			if set>>i&1 == 1 {
				side = append(side, name)
			}
		}
		if len(side) >= 2 && 2*len(side) <= len(names) {
			list = append(list, side)
		}
	}
	return list
}
