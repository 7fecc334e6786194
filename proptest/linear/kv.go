package linear

import "fmt"

// KVOp is what can be done to a key-value store.
type KVOp uint8

// The operations of a store.
const (
	KVGet KVOp = iota
	KVPut
	KVAppend
	KVDelete
)

// KVInput is one operation on one key.
type KVInput struct {
	Op         KVOp
	Key, Value string
}

// KVState is the value of one key, as the model holds it: a text that grows
// cheaply.
//
// Invariant: known is in use only in the model that narrowKV makes, and text only
// in the other.
type KVState struct {
	text  *chain
	known prefix
}

// KV is the model of a key-value store, checked key by key. A key without a value
// has the empty text. The answer of KVGet is the value; those of the others are not
// looked at.
func KV() Model[KVState, KVInput, string] {
	return Model[KVState, KVInput, string]{
		Init: func() KVState { return KVState{} },
		Step: func(s KVState, in KVInput, out *string) (KVState, bool) {
			switch in.Op {
			case KVGet:
				return s, out == nil || s.text.is(*out)
			case KVPut:
				return KVState{text: (*chain)(nil).join(in.Value)}, true
			case KVAppend:
				return KVState{text: s.text.join(in.Value)}, true
			case KVDelete:
				return KVState{}, true
			}
			return s, false
		},
		Key:       func(in KVInput) string { return in.Key },
		Reads:     func(in KVInput) bool { return in.Op == KVGet },
		Equal:     func(a, b KVState) bool { return a.text.sameText(b.text) },
		Hash:      func(s KVState) uint64 { return s.text.sum() },
		Show:      showKV,
		ShowState: func(s KVState) string { return fmt.Sprintf("%q", s.text.String()) },
		direct:    decideKV,
		narrow:    narrowKV,
	}
}

func showKV(in KVInput, out *string) string {
	switch in.Op {
	case KVGet:
		return fmt.Sprintf("get(%s) → %s", in.Key, answer(out, func() string { return fmt.Sprintf("%q", *out) }))
	case KVPut:
		return fmt.Sprintf("put(%s, %q)%s", in.Key, in.Value, heard(out))
	case KVAppend:
		return fmt.Sprintf("append(%s, %q)%s", in.Key, in.Value, heard(out))
	case KVDelete:
		return fmt.Sprintf("delete(%s)%s", in.Key, heard(out))
	}
	return fmt.Sprintf("no operation of a store: %d", in.Op)
}
