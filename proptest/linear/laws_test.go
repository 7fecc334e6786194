package linear

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"
	"pgregory.net/rapid"
)

// system makes histories of one model: input makes a call, right is the answer to
// it, and wrong any answer.
type system[S, In, Out any] struct {
	model Model[S, In, Out]
	input func(r *rand.Rand, n int) In
	right func(S, In) Out
	wrong func(r *rand.Rand) Out
}

// history draws a small history: right, with some answers wrong, or with all of
// them at random.
func (s system[S, In, Out]) history(t *rapid.T) *History[In, Out] {
	clients, operations := rapid.IntRange(2, 5).Draw(t, "clients"), rapid.IntRange(1, 10).Draw(t, "operations")
	lost, share := 10*rapid.IntRange(0, 3).Draw(t, "lost"), rapid.SampledFrom([]int{0, 1, 1, 2, 12}).Draw(t, "wrong, of 12")
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 5))
	n := 0
	answer := func(state S, in In) (S, Out) {
		out := s.right(state, in)
		after, ok := s.model.Step(state, in, &out)
		if !ok {
			panic("the right answer is wrong")
		}
		return after, out
	}
	h := simulate(r, clients, operations, lost, s.model.Init(), func() In { n++; return s.input(r, n) }, answer)
	for i := range h.ops {
		if h.ops[i].state == answered && r.IntN(12) < share {
			h.ops[i].out = s.wrong(r)
		}
	}
	return h
}

// atOnce is how many histories are compared for each of rapid's.
const atOnce = 10

// law compares each way to decide with porcupine's search, which is given all the
// time it needs: on histories and, for the first wrong answer, on each beginning.
func (s system[S, In, Out]) law(t *testing.T) {
	counts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		for range atOnce {
			s.compare(t, s.history(t), counts)
		}
	})
	for _, kind := range []string{"Ok", "Illegal"} {
		if counts[kind] < 10 {
			t.Errorf("only %d histories are %s; the law says little", counts[kind], kind)
		}
	}
	if s.model.direct != nil && counts["direct"] < 10 {
		t.Errorf("the direct way applied %d times only", counts["direct"])
	}
}

// compare is law for one history.
func (s system[S, In, Out]) compare(t *rapid.T, h *History[In, Out], counts map[string]int) {
	m := s.model
	plain := m
	plain.direct, plain.narrow = nil, nil
	for _, p := range m.parts(h) {
		want := porcupine.Ok
		if !porcupine.CheckOperations(plain.lower(nil), forPorcupine(p.ops)) {
			want = porcupine.Illegal
		}
		counts[string(want)]++
		if m.direct != nil {
			if got := m.direct(p.ops); got != porcupine.Unknown {
				counts["direct"]++
				if got != want {
					t.Fatalf("the direct way says %v, porcupine %v:\n%s", got, want, s.tell(p.ops))
				}
			}
		}
		undirected := m
		undirected.direct = nil
		for i, m := range []Model[S, In, Out]{plain, undirected} {
			name := []string{"search", "narrowed search"}[i]
			v := m.judge(p.ops)
			if v.result != want {
				t.Fatalf("the %s says %v, porcupine %v:\n%s", name, v.result, want, s.tell(p.ops))
			}
			if want != porcupine.Illegal || v.bad == nil {
				continue
			}
			if first := firstBad(plain, p.ops); first.end < v.bad.end {
				t.Fatalf("the %s says that all before %s is explained; porcupine finds no order up to %s:\n%s", name, m.show(v.bad.in, v.bad.answer()), m.show(first.in, first.answer()), s.tell(p.ops))
			}
			s.explained(t, m, p, v.bad)
		}
		if want == porcupine.Illegal {
			s.explained(t, m, p, nil)
		}
	}
}

// explained checks that the answer that an error names is the first bad one.
func (s system[S, In, Out]) explained(t *rapid.T, m Model[S, In, Out], p part[In, Out], bad *operation[In, Out]) {
	e, ok := m.explain(p, bad).(*Error)
	if !ok {
		t.Fatalf("a history that is not linearizable is explained with %v", e)
	}
	plain := m
	plain.direct, plain.narrow = nil, nil
	first, before := firstBad(plain, p.ops), 0
	for _, op := range p.ops {
		if op.end < first.end {
			before++
		}
	}
	if e.Explained != before || e.Client != first.client {
		t.Fatalf("the error names %s, after %d answers, as the first bad answer; porcupine %s, after %d:\n%s", e.Answer, e.Explained, m.show(first.in, first.answer()), before, s.tell(p.ops))
	}
}

// firstBad finds the first answer that makes a beginning illegal, by trying all.
func firstBad[S, In, Out any](m Model[S, In, Out], ops []*operation[In, Out]) *operation[In, Out] {
	var ends []*operation[In, Out]
	for _, op := range ops {
		if op.state == answered {
			ends = append(ends, op)
		}
	}
	slices.SortFunc(ends, func(a, b *operation[In, Out]) int { return int(a.end - b.end) })
	for _, op := range ends {
		if !porcupine.CheckOperations(m.lower(nil), forPorcupine(m.until(ops, op.end))) {
			return op
		}
	}
	return nil
}

// tell writes operations with their places.
func (s system[S, In, Out]) tell(ops []*operation[In, Out]) string {
	text := ""
	for _, op := range ops {
		text += fmt.Sprintf("  %d to %d: %s\n", op.call, op.end, s.model.show(op.in, op.answer()))
	}
	return text
}

// small is a text out of a few, or one of its own.
func small(r *rand.Rand, kinds, n int) string {
	if kinds == 0 {
		return fmt.Sprint(n)
	}
	return fmt.Sprint(r.IntN(kinds))
}

func TestLawRegister(t *testing.T) {
	for _, c := range []struct {
		name       string
		kinds, ops int
	}{{"distinct", 0, 2}, {"equal", 2, 2}, {"swaps", 0, 3}, {"equal swaps", 2, 3}} {
		t.Run(c.name, system[string, RegisterInput, RegisterOutput]{
			model: Register(),
			input: func(r *rand.Rand, n int) RegisterInput {
				return RegisterInput{Op: RegisterOp(r.IntN(c.ops)), Value: small(r, c.kinds, n), Old: []string{"", "0", "1", "2"}[r.IntN(4)]}
			},
			right: func(s string, in RegisterInput) RegisterOutput {
				return RegisterOutput{Value: s, Swapped: s == in.Old}
			},
			wrong: func(r *rand.Rand) RegisterOutput {
				out := RegisterOutput{Swapped: r.IntN(2) == 0}
				if v := r.IntN(13); v > 0 {
					out.Value = fmt.Sprint(v - 1)
				}
				return out
			},
		}.law)
	}
}

func TestLawKV(t *testing.T) {
	for _, c := range []struct {
		name  string
		kinds int
		ops   []KVOp
	}{
		{"distinct puts", 0, []KVOp{KVGet, KVPut}},
		{"equal puts", 2, []KVOp{KVGet, KVPut}},
		{"appends", 3, []KVOp{KVGet, KVPut, KVAppend, KVAppend}},
		{"all", 3, []KVOp{KVGet, KVGet, KVPut, KVAppend, KVDelete}},
	} {
		t.Run(c.name, kvSystem(c.kinds, c.ops).law)
	}
}

func kvSystem(kinds int, ops []KVOp) system[KVState, KVInput, string] {
	return system[KVState, KVInput, string]{
		model: KV(),
		input: func(r *rand.Rand, n int) KVInput {
			in := KVInput{Op: ops[r.IntN(len(ops))], Value: small(r, kinds, n)}
			if kinds > 0 && r.IntN(8) == 0 {
				in.Value = ""
			}
			return in
		},
		right: func(s KVState, in KVInput) string { return s.text.String() },
		wrong: func(r *rand.Rand) string {
			text := ""
			for range r.IntN(5) {
				text += fmt.Sprint(r.IntN(3))
			}
			return text
		},
	}
}

func TestLawQueue(t *testing.T) {
	for _, c := range []struct {
		name        string
		kinds, pops int
	}{{"distinct", 0, 50}, {"many pops", 0, 75}, {"equal", 2, 50}} {
		t.Run(c.name, system[QueueState, QueueInput, QueueOutput]{
			model: Queue(),
			input: func(r *rand.Rand, n int) QueueInput {
				if r.IntN(100) < c.pops {
					return QueueInput{Op: QueuePop}
				}
				return QueueInput{Op: QueuePush, Value: small(r, c.kinds, n)}
			},
			right: func(s QueueState, in QueueInput) QueueOutput {
				if s.waiting == 0 {
					return QueueOutput{}
				}
				return QueueOutput{s.all.at(s.all.len() - s.waiting), true}
			},
			wrong: func(r *rand.Rand) QueueOutput {
				if r.IntN(3) == 0 {
					return QueueOutput{}
				}
				return QueueOutput{Value: fmt.Sprint(r.IntN(13)), OK: true}
			},
		}.law)
	}
}

func TestLawLock(t *testing.T) {
	system[string, LockInput, bool]{
		model: Lock(),
		input: func(r *rand.Rand, _ int) LockInput {
			return LockInput{Op: LockOp(r.IntN(2)), Owner: string(rune('a' + r.IntN(3)))}
		},
		right: func(holder string, in LockInput) bool {
			return holder == in.Owner || holder == "" && in.Op == LockAcquire
		},
		wrong: func(r *rand.Rand) bool { return r.IntN(2) == 0 },
	}.law(t)
}

func TestLawLog(t *testing.T) {
	system[LogState, LogInput, LogOutput]{
		model: Log(),
		input: func(r *rand.Rand, _ int) LogInput {
			return LogInput{Op: LogOp(r.IntN(2)), Value: fmt.Sprint(r.IntN(2))}
		},
		right: func(s LogState, in LogInput) LogOutput {
			return LogOutput{Index: s.entries.len(), Entries: s.entries.list(s.entries.len())}
		},
		wrong: func(r *rand.Rand) LogOutput {
			out := LogOutput{Index: r.IntN(8)}
			for range r.IntN(5) {
				out.Entries = append(out.Entries, fmt.Sprint(r.IntN(2)))
			}
			return out
		},
	}.law(t)
}
