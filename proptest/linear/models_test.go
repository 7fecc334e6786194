package linear

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestRegister(t *testing.T) {
	type (
		in  = RegisterInput
		out = RegisterOutput
	)
	var (
		w1   = in{Op: RegisterWrite, Name: "x", Value: "1"}
		read = in{Op: RegisterRead, Name: "x"}
		swap = in{Op: RegisterSwap, Name: "x", Old: "1", Value: "2"}
	)
	for _, c := range []struct {
		name string
		want bool
		h    *History[in, out]
	}{
		{"a write is read", true, build(ask[in, out](0, w1), get[in](0, out{}), ask[in, out](1, read), get[in](1, out{Value: "1"}))},
		{"a stale read", false, build(ask[in, out](0, w1), get[in](0, out{}), ask[in, out](1, read), get[in](1, out{}))},
		{"reads beside a write may differ", true, build(ask[in, out](0, w1), ask[in, out](1, read), get[in](1, out{Value: "1"}), get[in](0, out{}))},
		{"back in time", false, build(ask[in, out](0, w1), ask[in, out](1, read), get[in](1, out{Value: "1"}), ask[in, out](1, read), get[in](1, out{}), get[in](0, out{}))},
		{"an unanswered write may have happened", true, build(ask[in, out](0, w1), ask[in, out](1, read), get[in](1, out{Value: "1"}))},
		{"and may not have", true, build(ask[in, out](0, w1), ask[in, out](1, read), get[in](1, out{}))},
		{"an unanswered read says nothing", true, build(ask[in, out](0, read), ask[in, out](1, w1), get[in](1, out{}))},
		{"a swap happens once", false, build(ask[in, out](0, w1), get[in](0, out{}), ask[in, out](0, swap), ask[in, out](1, swap), get[in](0, out{Swapped: true}), get[in](1, out{Swapped: true}))},
		{"one swap fails", true, build(ask[in, out](0, w1), get[in](0, out{}), ask[in, out](0, swap), ask[in, out](1, swap), get[in](0, out{}), get[in](1, out{Swapped: true}))},
		{"an unknown operation", false, build(ask[in, out](0, in{Op: 9}))},
	} {
		t.Run(c.name, func(t *testing.T) { isLinearizable(t, Check(Register(), c.h), c.want) })
	}
}

func TestQueueAndLockAndLog(t *testing.T) {
	push := func(v string) QueueInput { return QueueInput{Op: QueuePush, Value: v} }
	pop, one := QueueInput{Op: QueuePop}, QueueOutput{Value: "1", OK: true}
	t.Run("popped twice", func(t *testing.T) {
		isLinearizable(t, Check(Queue(), build(
			ask[QueueInput, QueueOutput](0, push("1")), get[QueueInput](0, QueueOutput{}),
			ask[QueueInput, QueueOutput](0, pop), ask[QueueInput, QueueOutput](1, pop),
			get[QueueInput](0, one), get[QueueInput](1, one))), false)
	})
	acquire := func(o string) LockInput { return LockInput{Op: LockAcquire, Owner: o} }
	t.Run("two holders", func(t *testing.T) {
		isLinearizable(t, Check(Lock(), build(
			ask[LockInput, bool](0, acquire("a")), ask[LockInput, bool](1, acquire("b")),
			get[LockInput](0, true), get[LockInput](1, true))), false)
	})
	t.Run("a lost entry", func(t *testing.T) {
		add := LogInput{Op: LogAppend, Value: "1"}
		isLinearizable(t, Check(Log(), build(
			ask[LogInput, LogOutput](0, add), get[LogInput](0, LogOutput{Index: 0}),
			ask[LogInput, LogOutput](0, add), get[LogInput](0, LogOutput{Index: 0}))), false)
	})
}

// kvHistory is of a correct store.
func kvHistory(r *rand.Rand, clients, operations, lost, keys int) *History[KVInput, string] {
	n := 0
	return simulate(r, clients, operations, lost, map[string]string{},
		func() KVInput {
			n++
			in := KVInput{Op: KVOp(r.IntN(3)), Key: string(rune('x' + r.IntN(keys)))}
			if in.Op != KVGet {
				in.Value = fmt.Sprint(n, " ")
			}
			return in
		},
		func(s map[string]string, in KVInput) (map[string]string, string) {
			switch in.Op {
			case KVPut:
				s[in.Key] = in.Value
			case KVAppend:
				s[in.Key] += in.Value
			case KVGet:
				return s, s[in.Key]
			}
			return s, ""
		})
}

// queueHistory is of a correct queue.
func queueHistory(r *rand.Rand, clients, operations, lost int) *History[QueueInput, QueueOutput] {
	n := 0
	return simulate(r, clients, operations, lost, []string(nil),
		func() QueueInput { n++; return QueueInput{Op: QueueOp(r.IntN(2)), Value: fmt.Sprint(n)} },
		func(s []string, in QueueInput) ([]string, QueueOutput) {
			switch {
			case in.Op == QueuePush:
				return append(s, in.Value), QueueOutput{}
			case len(s) == 0:
				return s, QueueOutput{}
			}
			return s[1:], QueueOutput{s[0], true}
		})
}

// logHistory is of a correct log.
func logHistory(r *rand.Rand, clients, operations, lost int) *History[LogInput, LogOutput] {
	return simulate(r, clients, operations, lost, []string(nil),
		func() LogInput { return LogInput{Op: LogOp(r.IntN(2)), Value: fmt.Sprint(r.IntN(3))} },
		func(s []string, in LogInput) ([]string, LogOutput) {
			if in.Op == LogRead {
				return s, LogOutput{Entries: slices.Clip(s)} // entries are never changed
			}
			return append(s, in.Value), LogOutput{Index: len(s)}
		})
}

// Whatever a correct system answers is linearizable, also if answers are lost.
func TestCorrectSystemsPass(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		if err := Check(KV(), kvHistory(r, 4, 60, 10, 2)); err != nil {
			t.Fatalf("store, seed %d: %v", seed, err)
		}
		if err := Check(Queue(), queueHistory(r, 3, 40, 5)); err != nil {
			t.Fatalf("queue, seed %d: %v", seed, err)
		}
		if err := Check(Log(), logHistory(r, 3, 40, 5)); err != nil {
			t.Fatalf("log, seed %d: %v", seed, err)
		}
	}
}

// A get that answers what was never written is always found, and named.
func TestInventedAnswerIsNamed(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 2))
		h := kvHistory(r, 4, 60, 10, 2)
		var gets []int
		for i := range h.ops {
			if h.ops[i].in.Op == KVGet && h.ops[i].state == answered {
				gets = append(gets, i)
			}
		}
		bad := &h.ops[gets[r.IntN(len(gets))]]
		bad.out = "invented"
		err, ok := Check(KV(), h).(*Error)
		if !ok {
			t.Fatalf("seed %d: the invented answer passed", seed)
		}
		if err.Key != bad.in.Key || err.Client != bad.client || err.Answer != showKV(bad.in, &bad.out) {
			t.Fatalf("seed %d: the invented answer is %q of client %d; the error names another:\n%v", seed, bad.out, bad.client, err)
		}
		if !strings.Contains(err.Error(), "> client") {
			t.Fatalf("the answer is not marked among those before it:\n%v", err)
		}
	}
}

// The models that keep shared lists agree with simple ones that copy.
func TestChainIsAList(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		var c, joined *chain
		var list []string
		for range r.IntN(20) {
			text := strings.Repeat("ab", r.IntN(3))
			c, joined, list = c.push(text), joined.join(text), append(list, text)
		}
		text := strings.Join(list, "")
		var whole *chain
		if text != "" {
			whole = whole.join(text)
		}
		if !slices.Equal(c.list(c.len()), list) || !joined.is(text) || joined.String() != text || joined.is(text+"c") || !joined.sameText(whole) {
			t.Fatalf("%q, joined %q, should be %q", c.list(c.len()), joined, list)
		}
		for i := range list {
			if c.at(i) != list[i] {
				t.Fatalf("text %d is %q; it should be %q", i, c.at(i), list[i])
			}
		}
	}
}
