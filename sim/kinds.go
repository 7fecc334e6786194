package sim

// Kind names a sort of message, such as "Raft.AppendEntries": keys and counts
// are kept per link and kind. World.Kind makes it.
type Kind uint32

// kinds gives small numbers to names, so that sending hashes no string.
//
// Invariant: names[ids[s]] == s. Kind 0 is the nameless kind.
type kinds struct {
	names []string
	ids   map[string]Kind
}

func (k *kinds) init() { k.names, k.ids = []string{""}, map[string]Kind{"": 0} }

// Kind returns the kind of that name.
func (w *World) Kind(name string) Kind {
	k, ok := w.kinds.ids[name]
	if !ok {
		k = Kind(len(w.kinds.names))
		w.kinds.names = append(w.kinds.names, name)
		w.kinds.ids[name] = k
	}
	return k
}

// KindName returns the name of a kind.
func (w *World) KindName(k Kind) string { return w.kinds.names[k] }
