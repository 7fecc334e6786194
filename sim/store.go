package sim

import "slices"

// Save stores a copy of data under a key, at once and for good: it survives
// crashes. A nil data deletes the key.
func (n *Node) Save(key string, data []byte) {
	if n.w.over("Node.Save") {
		return
	}
	if data == nil {
		delete(n.store, key)
		return
	}
	if n.store == nil {
		n.store = map[string][]byte{}
	}
	n.store[key] = slices.Clone(data)
}

// Load returns a copy of what was saved under a key, nil if nothing was.
func (n *Node) Load(key string) []byte {
	n.w.s.Caller("Node.Load")
	return slices.Clone(n.store[key])
}
