package power

import (
	"os"
	"sync"

	"samerun/sim"
)

var (
	foldersMu sync.Mutex
	folders   = map[string]string{}
)

// Folder is where a node keeps its files.
func Folder(n *sim.Node) string {
	foldersMu.Lock()
	defer foldersMu.Unlock()
	if dir := folders[n.Name()]; dir != "" {
		return dir
	}
	dir, err := os.MkdirTemp("", "stores")
	if err != nil {
		panic(err)
	}
	folders[n.Name()] = dir
	return dir
}
