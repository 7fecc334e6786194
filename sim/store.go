package sim

import (
	"slices"
	"strings"
)

// savedItem is what was saved under a key. A node has them sorted by it, and no map: the runtime
// tells the race detector of maps, even of those in code that is built without it, and the
// detector does not know that goroutines take turns.
type savedItem struct {
	key  string
	data []byte
}

// saved is where a key is among what was saved, or would be.
func (n *Node) saved(key string) (at int, found bool) {
	return slices.BinarySearchFunc(n.store, key, func(i savedItem, key string) int { return strings.Compare(i.key, key) })
}

// Save stores a copy of data under a key, at once and for good: it survives
// crashes. A nil data deletes the key.
func (n *Node) Save(key string, data []byte) {
	if n.w.over("Node.Save") {
		return
	}
	at, found := n.saved(key)
	switch {
	case data == nil && found:
		n.store = slices.Delete(n.store, at, at+1)
	case data == nil:
	case found:
		n.store[at].data = slices.Clone(data)
	default:
		n.store = slices.Insert(n.store, at, savedItem{key, slices.Clone(data)})
	}
}

// Load returns a copy of what was saved under a key, nil if nothing was.
func (n *Node) Load(key string) []byte {
	n.w.s.Caller("Node.Load")
	if at, found := n.saved(key); found {
		return slices.Clone(n.store[at].data)
	}
	return nil
}
