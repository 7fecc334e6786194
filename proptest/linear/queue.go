package linear

import "fmt"

// QueueOp is what can be done to a queue.
type QueueOp uint8

// The operations of a queue.
const (
	QueuePush QueueOp = iota
	QueuePop
)

// QueueInput is one operation on the queue of a name.
type QueueInput struct {
	Op    QueueOp
	Name  string
	Value string // to be pushed
}

// QueueOutput is the answer of QueuePop; a push has none.
type QueueOutput struct {
	Value string
	OK    bool // false: the queue was empty
}

// QueueState is the state of one queue, as the model holds it: the last waiting of
// all the texts that were ever pushed.
type QueueState struct {
	all     *chain
	waiting int
}

// Queue is the model of queues, first in first out, empty at first.
func Queue() Model[QueueState, QueueInput, QueueOutput] {
	return Model[QueueState, QueueInput, QueueOutput]{
		Init: func() QueueState { return QueueState{} },
		Step: func(s QueueState, in QueueInput, out *QueueOutput) (QueueState, bool) {
			switch {
			case in.Op == QueuePush:
				return QueueState{s.all.push(in.Value), s.waiting + 1}, true
			case in.Op != QueuePop:
				return s, false
			case s.waiting == 0:
				return s, out == nil || !out.OK
			case out != nil && (!out.OK || out.Value != s.all.at(s.all.len()-s.waiting)):
				return s, false
			case s.waiting == 1:
				return QueueState{}, true // nothing refers to what is gone
			}
			return QueueState{s.all, s.waiting - 1}, true
		},
		Key:   func(in QueueInput) string { return in.Name },
		Equal: func(a, b QueueState) bool { return a.waiting == b.waiting && a.all.equal(b.all, a.waiting) },
		Hash: func(s QueueState) uint64 {
			if s.waiting == 0 {
				return 0
			}
			return hashText(uint64(s.waiting), s.all.text)
		},
		Show: func(in QueueInput, out *QueueOutput) string {
			switch in.Op {
			case QueuePush:
				return fmt.Sprintf("push(%s%q)%s", named(in.Name), in.Value, heard(out))
			case QueuePop:
				return fmt.Sprintf("pop(%s) → %s", in.Name, answer(out, func() string {
					if !out.OK {
						return "empty"
					}
					return fmt.Sprintf("%q", out.Value)
				}))
			}
			return fmt.Sprintf("no operation of a queue: %d", in.Op)
		},
		ShowState: func(s QueueState) string { return fmt.Sprintf("%q", s.all.list(s.waiting)) },
		direct:    decideQueue,
		idle:      func(in QueueInput, out *QueueOutput) bool { return in.Op == QueuePop && !out.OK },
	}
}
