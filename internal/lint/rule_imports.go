package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// layers are the packages of the module from the lowest layer to the highest. A group
// is folders that belong together, with all below them, unless a folder below has a
// place of its own. Imports stay inside of a group or go to a lower layer.
var layers = [][]group{
	// What knows nothing of the others.
	{{"internal/format"}, {"internal/gobwire"}, {"internal/gomod"}, {"internal/keyed"}, {"internal/laws"}, {"internal/lint"}, {"internal/mutate"}, {"internal/overlay"}, {"internal/pick"}, {"internal/seeds"}, {"internal/zoo"}},
	// The simulator.
	{{"clock"}},
	{{"sched"}},
	{{"sim", "internal/trial"}},
	{{"labrpc"}, {"internal/faultdocs"}, {"internal/faultscript"}, {"internal/zootest"}},
	{{"proptest"}, {"internal/scenarios"}},
	{{"report"}},
	// The tool.
	{{"internal/gocmd"}, {"internal/records"}, {"internal/screen"}},
	{{"internal/testproc"}},
	{{"internal/runner"}},
	{{"internal/runner/tasks"}, {"internal/runner/ordinary"}},
	{{"internal/doctor"}, {"internal/sweep"}},
	{{"cmd"}, {"examples"}},
}

// group is folders of the module, as slashed paths from its root.
type group []string

// place returns the layer of a package and its group, by its path from the root of the
// module. ok is false for a package without a place.
func place(path string) (layer int, g group, ok bool) {
	longest := ""
	for i, groups := range layers {
		for _, these := range groups {
			for _, folder := range these {
				if (path == folder || strings.HasPrefix(path, folder+"/")) && len(folder) > len(longest) {
					layer, g, ok, longest = i, these, true, folder
				}
			}
		}
	}
	return layer, g, ok
}

// importProblem says what is wrong with one package of the module importing another,
// or nothing if nothing is. Both are paths from its root.
func importProblem(from, to string) string {
	height, mine, ok := place(from)
	if !ok {
		return noPlace(from)
	}
	h, theirs, ok := place(to)
	switch {
	case !ok:
		return noPlace(to)
	case h < height || slices.Equal(mine, theirs):
		return ""
	}
	return fmt.Sprintf("%s must not import %s: imports point downwards in the layers of internal/lint", from, to)
}

func noPlace(path string) string {
	return fmt.Sprintf("the package %s has no place in the layers; give it one in internal/lint", path)
}

// checkImports refuses imports of the module's own packages that point upwards.
func checkImports(p *Package, report func(token.Pos, string)) {
	for _, file := range p.Files {
		p.checkFileImports(file, report)
	}
}

func (p *Package) checkFileImports(file *ast.File, report func(token.Pos, string)) {
	from, _ := inModule(p.Module, p.Path)
	if _, _, ok := place(from); !ok {
		report(file.Name.Pos(), noPlace(from))
		return
	}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		if to, ok := inModule(p.Module, path); ok {
			if problem := importProblem(from, to); problem != "" {
				report(spec.Pos(), problem)
			}
		}
	}
}

// inModule returns the path of a package from the root of the module; ok is false if
// the package is not of the module.
func inModule(module, path string) (rest string, ok bool) {
	return strings.CutPrefix(path, module+"/")
}
