package sim

import (
	"fmt"

	"samerun/internal/keyed"
)

// Kind names a sort of message, such as "Raft.AppendEntries": keys and counts
// are kept per link and kind. World.Kind makes it.
type Kind uint32

// kinds gives small numbers to names, so that sending hashes no string.
//
// Invariants: names[ids[s]] == s; keys[k] is made of the name of k alone,
// because its number depends on who was first to send. Kind 0 is the nameless
// kind.
type kinds struct {
	names []string
	keys  []keyed.Key
	ids   map[string]Kind
}

// Kind returns the kind of that name.
func (w *World) Kind(name string) Kind {
	w.s.Caller("World.Kind")
	k, ok := w.kinds.ids[name]
	if !ok {
		k = w.newKind(name)
	}
	return k
}

func (w *World) newKind(name string) Kind {
	x := &w.kinds
	k := Kind(len(x.names))
	x.names = append(x.names, name)
	x.keys = append(x.keys, keyed.Ident("kind").Str(name))
	x.ids[name] = k
	w.named(name)
	return k
}

// KindName returns the name of a kind.
func (w *World) KindName(k Kind) string {
	if int64(k) >= int64(len(w.kinds.names)) {
		return fmt.Sprintf("kind %d", k)
	}
	return w.kinds.names[k]
}
