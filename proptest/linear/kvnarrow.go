package linear

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/anishathalye/porcupine"
)

// decideKV decides if the values of a key were only put, each once, and got: then
// the key is a register.
func decideKV(ops []*operation[KVInput, string]) porcupine.CheckResult {
	all := make([]access, 0, len(ops))
	for _, op := range ops {
		a := access{call: op.call, end: op.end}
		switch op.in.Op {
		case KVGet:
			a.value = op.out
		case KVPut:
			a.write, a.value = true, op.in.Value
		default:
			return porcupine.Unknown
		}
		all = append(all, a)
	}
	return zones(all)
}

// narrowKV holds the states against the answers. A state with which no answer
// begins is as good as any other such state: nobody gets it, or what is made of it
// by appending, before something else is put. So all of these are one, and those
// of a search are few. In the same way a put or an append that was not answered and
// whose text is in no later answer need not have taken place.
func narrowKV(m Model[KVState, KVInput, string], ops []*operation[KVInput, string]) (Model[KVState, KVInput, string], []*operation[KVInput, string]) {
	texts := newTexts(ops)
	ops = slices.DeleteFunc(slices.Clone(ops), func(op *operation[KVInput, string]) bool {
		switch {
		case op.state != unknown || op.in.Op != KVPut && op.in.Op != KVAppend:
			return false
		case op.in.Value == "":
			return op.in.Op == KVAppend
		}
		return !texts.seen(op.in.Value, op.call)
	})
	none := prefix{size: -1}
	empty := texts.extend(prefix{last: len(texts.all)}, "")
	m.Init = func() KVState { return KVState{known: empty} }
	m.Step = func(s KVState, in KVInput, out *string) (KVState, bool) {
		switch in.Op {
		case KVGet:
			return s, out == nil || s.known != none && texts.all[s.known.first].text == *out && s.known.size == len(*out)
		case KVPut:
			return KVState{known: texts.extend(empty, in.Value)}, true
		case KVAppend:
			return KVState{known: texts.extend(s.known, in.Value)}, true
		case KVDelete:
			return KVState{known: empty}, true
		}
		return s, false
	}
	m.Equal = func(a, b KVState) bool { return a == b }
	m.Hash = func(s KVState) uint64 {
		return (uint64(s.known.first)*1_000_003+uint64(s.known.last))*1_000_003 + uint64(s.known.size)
	}
	return m, ops
}

// prefix is a text with which the answers first to last-1 begin: its size says
// which. A size of -1 is any text with which no answer begins.
type prefix struct{ first, last, size int }

// texts are the different answers of the gets, sorted, each with the end of the
// last get that had it.
type texts struct {
	all []gotten
	// longest are those with which no other one begins; their ends are those of any
	// answer with which they begin.
	longest []gotten
}

type gotten struct {
	text string
	end  int64
}

func newTexts(ops []*operation[KVInput, string]) *texts {
	t := &texts{}
	for _, op := range ops {
		if op.in.Op == KVGet {
			t.all = append(t.all, gotten{op.out, op.end})
		}
	}
	slices.SortFunc(t.all, func(a, b gotten) int { return cmp.Or(strings.Compare(a.text, b.text), cmp.Compare(b.end, a.end)) })
	t.all = slices.CompactFunc(t.all, func(a, b gotten) bool { return a.text == b.text })
	for _, g := range t.all {
		for n := len(t.longest) - 1; n >= 0 && strings.HasPrefix(g.text, t.longest[n].text); n-- {
			g.end = max(g.end, t.longest[n].end)
			t.longest = t.longest[:n]
		}
		t.longest = append(t.longest, g)
	}
	return t
}

// seen says whether a text may be part of an answer after some time.
func (t *texts) seen(text string, after int64) bool {
	return slices.ContainsFunc(t.longest, func(g gotten) bool { return g.end > after && strings.Contains(g.text, text) })
}

// extend returns a prefix with a text behind it.
func (t *texts) extend(p prefix, text string) prefix {
	if p.size < 0 {
		return p
	}
	rest := func(i int) string { return t.all[i].text[p.size:] }
	from := p.first + sort.Search(p.last-p.first, func(i int) bool { return rest(p.first+i) >= text })
	to := from + sort.Search(p.last-from, func(i int) bool { return !strings.HasPrefix(rest(from+i), text) })
	if from == to {
		return prefix{size: -1}
	}
	return prefix{from, to, p.size + len(text)}
}
