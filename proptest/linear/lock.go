package linear

import "fmt"

// LockOp is what can be done to a lock.
type LockOp uint8

// The operations of a lock.
const (
	LockAcquire LockOp = iota
	LockRelease
)

// LockInput is one operation of an owner on the lock of a name.
type LockInput struct {
	Op    LockOp
	Name  string
	Owner string // not empty
}

// Lock is the model of locks, free at first. LockAcquire answers whether the owner
// has the lock now, which it has not if another one holds it, and LockRelease
// whether it held the lock. Owners that hold a lock acquire it again without harm.
func Lock() Model[string, LockInput, bool] {
	return Model[string, LockInput, bool]{
		Init: func() string { return "" },
		Step: func(holder string, in LockInput, out *bool) (string, bool) {
			switch in.Op {
			case LockAcquire:
				got := holder == "" || holder == in.Owner
				if ok := out == nil || *out == got; !got || !ok {
					return holder, ok
				}
				return in.Owner, true
			case LockRelease:
				held := holder == in.Owner
				if ok := out == nil || *out == held; !held || !ok {
					return holder, ok
				}
				return "", true
			}
			return holder, false
		},
		Key:  func(in LockInput) string { return in.Name },
		Hash: func(holder string) uint64 { return hashText(0, holder) },
		Show: func(in LockInput, out *bool) string {
			text := answer(out, func() string { return fmt.Sprint(*out) })
			switch in.Op {
			case LockAcquire:
				return fmt.Sprintf("acquire(%s%s) → %s", named(in.Name), in.Owner, text)
			case LockRelease:
				return fmt.Sprintf("release(%s%s) → %s", named(in.Name), in.Owner, text)
			}
			return fmt.Sprintf("no operation of a lock: %d", in.Op)
		},
		idle: func(_ LockInput, out *bool) bool { return !*out },
		ShowState: func(holder string) string {
			if holder == "" {
				return "free"
			}
			return "held by " + holder
		},
	}
}
