package sim

// savedItem is what was saved under a key, and the next one. A node has a list of them, no map
// and no slice: the runtime tells the race detector of those, even in code that is built
// without it, and the detector does not know that goroutines take turns.
type savedItem struct {
	key, data string
	next      *savedItem
}

// saved is where the list has a key: the place holds nil if it has not.
func (n *Node) saved(key string) **savedItem {
	at := &n.store
	for *at != nil && (*at).key != key {
		at = &(*at).next
	}
	return at
}

// Save stores a copy of data under a key, at once and for good: it survives
// crashes. A nil data deletes the key.
func (n *Node) Save(key string, data []byte) {
	n.use("Node.Save")
	if n.w.overFor("Node.Save") {
		return
	}
	at := n.saved(key)
	switch {
	case data == nil && *at != nil:
		*at = (*at).next
	case data == nil:
	case *at != nil:
		(*at).data = string(data)
	default:
		*at = &savedItem{key: key, data: string(data)}
	}
}

// Load returns a copy of what was saved under a key, nil if nothing was.
func (n *Node) Load(key string) []byte {
	n.use("Node.Load")
	if item := *n.saved(key); item != nil {
		return []byte(item.data)
	}
	return nil
}
