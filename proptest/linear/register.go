package linear

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

// RegisterOp is what can be done to a register.
type RegisterOp uint8

// The operations of a register.
const (
	RegisterRead RegisterOp = iota
	RegisterWrite
	RegisterSwap // compare and swap
)

// RegisterInput is one operation on the register of a name.
type RegisterInput struct {
	Op    RegisterOp
	Name  string
	Value string // to be written
	Old   string // RegisterSwap writes only if this is the value
}

// RegisterOutput is the answer of a register. A write has none.
type RegisterOutput struct {
	Value   string // RegisterRead: what it holds
	Swapped bool   // RegisterSwap: the value was written
}

// Register is the model of registers that hold a text each, empty at first.
func Register() Model[string, RegisterInput, RegisterOutput] {
	return Model[string, RegisterInput, RegisterOutput]{
		Init: func() string { return "" },
		Step: func(s string, in RegisterInput, out *RegisterOutput) (string, bool) {
			switch in.Op {
			case RegisterRead:
				return s, out == nil || out.Value == s
			case RegisterWrite:
				return in.Value, true
			case RegisterSwap:
				swap := s == in.Old
				if ok := out == nil || out.Swapped == swap; !swap || !ok {
					return s, ok
				}
				return in.Value, true
			}
			return s, false
		},
		Key:       func(in RegisterInput) string { return in.Name },
		Reads:     func(in RegisterInput) bool { return in.Op == RegisterRead },
		Hash:      func(s string) uint64 { return hashText(0, s) },
		Show:      showRegister,
		ShowState: func(s string) string { return fmt.Sprintf("%q", s) },
		direct:    decideRegister,
		narrow:    narrowRegister,
		idle:      func(in RegisterInput, out *RegisterOutput) bool { return in.Op == RegisterSwap && !out.Swapped },
	}
}

// decideRegister decides if nothing is swapped and no value is written twice.
func decideRegister(ops []*operation[RegisterInput, RegisterOutput]) porcupine.CheckResult {
	all := make([]access, 0, len(ops))
	for _, op := range ops {
		a := access{call: op.call, end: op.end}
		switch op.in.Op {
		case RegisterRead:
			a.value = op.out.Value
		case RegisterWrite:
			a.write, a.value = true, op.in.Value
		default:
			return porcupine.Unknown
		}
		all = append(all, a)
	}
	return zones(all)
}

// narrowRegister makes one value of all that nobody asks for or sees. An unanswered
// operation that writes such a value need not have taken place, unless a swap that
// found another value than it asked for may have found this one.
func narrowRegister(m Model[string, RegisterInput, RegisterOutput], ops []*operation[RegisterInput, RegisterOutput]) (Model[string, RegisterInput, RegisterOutput], []*operation[RegisterInput, RegisterOutput]) {
	seen, refused := map[string]bool{"": true}, false
	for _, op := range ops {
		switch {
		case op.in.Op == RegisterSwap:
			seen[op.in.Old] = true
			refused = refused || op.state == answered && !op.out.Swapped
		case op.in.Op == RegisterRead:
			seen[op.out.Value] = true
		}
	}
	other, known := "", false
	var left []*operation[RegisterInput, RegisterOutput]
	for _, op := range ops {
		if op.in.Op == RegisterRead || seen[op.in.Value] {
			left = append(left, op)
			continue
		}
		if op.state == unknown && !refused && op.in.Op <= RegisterSwap {
			continue
		}
		if !known {
			other, known = op.in.Value, true
		}
		alike := *op
		alike.in.Value = other
		left = append(left, &alike)
	}
	return m, left
}

func showRegister(in RegisterInput, out *RegisterOutput) string {
	switch in.Op {
	case RegisterRead:
		return fmt.Sprintf("read(%s) → %s", in.Name, answer(out, func() string { return fmt.Sprintf("%q", out.Value) }))
	case RegisterWrite:
		return fmt.Sprintf("write(%s%q)%s", named(in.Name), in.Value, heard(out))
	case RegisterSwap:
		return fmt.Sprintf("swap(%s%q, %q) → %s", named(in.Name), in.Old, in.Value, answer(out, func() string { return fmt.Sprint(out.Swapped) }))
	}
	return fmt.Sprintf("no operation of a register: %d", in.Op)
}

// answer writes an answer, or a question mark if there is none.
func answer[Out any](out *Out, text func() string) string {
	if out == nil {
		return "?"
	}
	return text()
}

// heard is what follows an operation whose answer says no more than that it was
// done.
func heard[Out any](out *Out) string {
	if out == nil {
		return " → ?"
	}
	return ""
}

// named is the name of the part before other arguments, if it has one.
func named(name string) string {
	if name == "" {
		return ""
	}
	return name + ", "
}
