package lint

import (
	"slices"
	"strings"
)

// layers has each package of the module, from the ground up. A package may import
// those of lower layers, and nothing else of the module. Packages of one layer know
// nothing of each other, so that each can be read, and changed, without the rest.
//
// A package that is not here is a mistake: whoever adds one decides where it stands.
func layers() [][]string {
	return [][]string{
		{"clock", "internal/gobwire", "internal/gomod", "internal/keyed", "internal/lint", "internal/overlay", "internal/text", "internal/zoo"},
		{"internal/seeds", "internal/story", "internal/strictjson", "labrpc/labgob", "sched", "sim/disk"},
		{"sim/fault"},
		{"internal/faultdocs", "sim/shrink"},
		{"sim/replay"},
		{"internal/wire"},
		{"sim"},
		{"internal/faultscript", "internal/zootest", "labrpc", "proptest/linear"},
		{"internal/scenarios", "proptest"},
		{"examples/commit", "examples/counter", "examples/raft"},
		{"examples/kv"},
		{"examples/zoo"},
		{"cmd/samerun"},
	}
}

// outside has the packages of other modules that may be imported, and by whom. All
// else stands on the standard library alone.
func outside() map[string]string {
	return map[string]string{
		"github.com/anishathalye/porcupine": "proptest/linear",
		"github.com/cockroachdb/datadriven": "internal/faultscript",
		"pgregory.net/rapid":                "proptest",
	}
}

// layerOf returns the number of the layer of a package, -1 if it has none.
func layerOf(pkg string) int {
	return slices.IndexFunc(layers(), func(layer []string) bool { return slices.Contains(layer, pkg) })
}

// below is the path of a package in its module, "." for the module's root. ok is
// false if it is of another module.
func below(module, path string) (rest string, ok bool) {
	if path == module {
		return ".", true
	}
	return strings.CutPrefix(path, module+"/")
}

// isInternal says whether only packages near this one may import it.
func isInternal(path string) bool { return slices.Contains(strings.Split(path, "/"), "internal") }
