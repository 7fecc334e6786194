package linear

import (
	"fmt"
	"slices"
)

// LogOp is what can be done to a log.
type LogOp uint8

// The operations of a log.
const (
	LogAppend LogOp = iota
	LogRead
)

// LogInput is one operation on the log of a name.
type LogInput struct {
	Op    LogOp
	Name  string
	Value string // to be appended
}

// LogOutput is the answer of a log.
type LogOutput struct {
	Index   int      // LogAppend: the place of the new entry, from 0
	Entries []string // LogRead: all entries
}

// LogState is the state of one log, as the model holds it.
type LogState struct{ entries *chain }

// Log is the model of logs that only grow, empty at first.
func Log() Model[LogState, LogInput, LogOutput] {
	return Model[LogState, LogInput, LogOutput]{
		Init: func() LogState { return LogState{} },
		Step: func(s LogState, in LogInput, out *LogOutput) (LogState, bool) {
			switch in.Op {
			case LogAppend:
				if out != nil && out.Index != s.entries.len() {
					return s, false
				}
				return LogState{s.entries.push(in.Value)}, true
			case LogRead:
				return s, out == nil || len(out.Entries) == s.entries.len() && slices.Equal(out.Entries, s.entries.list(s.entries.len()))
			}
			return s, false
		},
		Key:   func(in LogInput) string { return in.Name },
		Reads: func(in LogInput) bool { return in.Op == LogRead },
		Equal: func(a, b LogState) bool {
			x, y := a.entries, b.entries
			return x.len() == y.len() && x.sum() == y.sum() && x.equal(y, x.len())
		},
		Hash: func(s LogState) uint64 { return s.entries.sum() },
		Show: func(in LogInput, out *LogOutput) string {
			switch in.Op {
			case LogAppend:
				return fmt.Sprintf("append(%s%q) → %s", named(in.Name), in.Value, answer(out, func() string { return fmt.Sprint(out.Index) }))
			case LogRead:
				return fmt.Sprintf("read(%s) → %s", in.Name, answer(out, func() string { return fmt.Sprintf("%q", out.Entries) }))
			}
			return fmt.Sprintf("no operation of a log: %d", in.Op)
		},
		direct:    decideLog,
		ShowState: func(s LogState) string { return fmt.Sprintf("%q", s.entries.list(s.entries.len())) },
	}
}
