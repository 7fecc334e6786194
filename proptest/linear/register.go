package linear

import "fmt"

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
	}
}

func showRegister(in RegisterInput, out *RegisterOutput) string {
	switch in.Op {
	case RegisterRead:
		return fmt.Sprintf("read(%s) → %s", in.Name, answer(out, func() string { return fmt.Sprintf("%q", out.Value) }))
	case RegisterWrite:
		return fmt.Sprintf("write(%s, %q)%s", in.Name, in.Value, heard(out))
	case RegisterSwap:
		return fmt.Sprintf("swap(%s, %q, %q) → %s", in.Name, in.Old, in.Value, answer(out, func() string { return fmt.Sprint(out.Swapped) }))
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
