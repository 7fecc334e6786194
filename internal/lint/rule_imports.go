package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// layer returns the height of a folder of the module: imports may only go down,
// or stay inside one folder. ok is false for a folder without a place.
func layer(folder string) (height int, ok bool) {
	switch folder {
	case "internal":
		return 0, true
	case "clock":
		return 1, true
	case "sched":
		return 2, true
	case "sim":
		return 3, true
	case "labrpc":
		return 4, true
	case "proptest":
		return 5, true
	case "report":
		return 6, true
	case "cmd", "examples":
		return 7, true
	}
	return 0, false
}

// checkImports refuses imports of the module's own packages that point upwards.
func checkImports(p *Package, report func(token.Pos, string)) {
	for _, file := range p.Files {
		p.checkFileImports(file, report)
	}
}

func (p *Package) checkFileImports(file *ast.File, report func(token.Pos, string)) {
	from := folder(p.Module, p.Path)
	height, ok := layer(from)
	if !ok {
		report(file.Name.Pos(), fmt.Sprintf("the folder %s has no place in the layers; give it one in internal/lint", from))
		return
	}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		to := folder(p.Module, path)
		if to == "" || to == from {
			continue
		}
		if h, ok := layer(to); !ok || h >= height {
			report(spec.Pos(), fmt.Sprintf("%s must not import %s: imports point downwards (internal, clock, sched, sim, labrpc, proptest, cmd)", from, to))
		}
	}
}

// folder is the first folder of a package inside the module, or empty if the
// package is not of the module.
func folder(module, path string) string {
	rest, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return ""
	}
	first, _, _ := strings.Cut(rest, "/")
	return first
}
