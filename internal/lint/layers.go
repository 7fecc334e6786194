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
		// What the runtime of ordinary Go has, too.
		{"internal/pick", "internal/overlay/leaf/callbook", "internal/overlay/leaf/diskrule", "internal/overlay/leaf/instant", "internal/overlay/leaf/mix", "internal/overlay/leaf/queue", "internal/overlay/leaf/rule", "internal/overlay/leaf/shape", "internal/overlay/leaf/traffic"},
		// What knows nothing of the others.
		{
			"clock", "internal/gobwire", "internal/gomod", "internal/host", "internal/keyed", "internal/labcopy", "internal/laws", "internal/lint", "internal/mutate", "internal/safefile", "internal/scratch", "internal/speed", "internal/text", "internal/zoo",
			"internal/overlay/bundle", "internal/overlay/edit", "internal/overlay/leaf/binding", "internal/overlay/leaf/host", "internal/overlay/leaf/journal", "internal/overlay/leaf/latency", "internal/overlay/leaf/mailbox", "internal/overlay/leaf/link", "internal/overlay/leaf/picture", "internal/overlay/leaf/pipe", "internal/overlay/leaf/plan", "internal/overlay/leaf/ports", "internal/overlay/leaf/setting", "internal/overlay/leaf/words",
			"internal/bugs",
		},
		{"internal/feature", "internal/gobtext", "internal/host/hosttest", "internal/overlay", "internal/overlay/leaf/place", "internal/rerun", "internal/seeds", "internal/sniff", "internal/story", "internal/strictjson", "internal/tracefile", "labrpc/labgob", "sched", "sim/disk"},
		// The simulator.
		{"internal/called", "internal/jsonout", "internal/neighbour", "internal/sent", "sim/fault"},
		{"internal/faultdocs", "internal/faultplan", "sim/shrink"},
		{"sim/replay"},
		{"internal/wire"},
		{"internal/guide", "sim"},
		{"internal/faultscript", "internal/zootest", "labrpc", "proptest/linear"},
		{"internal/scenarios", "proptest"},
		// The tool, and the examples.
		{"internal/checkout", "internal/gocmd", "internal/records", "internal/screen", "internal/traceview", "examples/board", "examples/commit", "examples/counter", "examples/httprpc", "examples/jsonrpc", "examples/labrpc", "examples/raft"},
		{"internal/engines", "internal/testproc", "examples/kv"},
		{"internal/runner", "examples/zoo"},
		{"internal/report", "internal/runner/tasks", "internal/runner/ordinary"},
		{"internal/doctor", "internal/sweep"},
		{"cmd/samerun", "internal/bugs/cmd", "internal/bugs/goker", "internal/mutate/cmd"},
	}
}

// outside has the packages of other modules that may be imported, and by whom. All
// else stands on the standard library alone.
func outside() map[string][]string {
	return map[string][]string{
		"github.com/anishathalye/porcupine":     {"proptest/linear"},
		"github.com/cockroachdb/datadriven":     {"internal/faultscript"},
		"github.com/pmezard/go-difflib/difflib": {"internal/overlay/edit"},
		"golang.org/x/exp/stats":                {"examples/zoo"},
		"pgregory.net/rapid":                    {"internal/laws", "proptest"},
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
