package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// checkImports refuses imports of the module's own packages that do not point
// downwards, packages without a place in the layers, and other modules where they
// are not expected.
func checkImports(p *Package, report func(token.Pos, string)) {
	for _, file := range p.Files {
		p.checkFileImports(file, report)
	}
}

func (p *Package) checkFileImports(file *ast.File, report func(token.Pos, string)) {
	from, _ := below(p.Module, p.Path)
	if strings.Contains(from, "/testdata/") {
		return // it is there to be read by a test, and no part of the house
	}
	height := layerOf(from)
	if height < 0 {
		report(file.Name.Pos(), fmt.Sprintf("the package %s has no place in the layers; give it one in internal/lint/layers.go", from))
		return
	}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		to, own := below(p.Module, path)
		first, _, _ := strings.Cut(path, "/")
		switch {
		case own && layerOf(to) < 0:
			report(spec.Pos(), fmt.Sprintf("%s must not import %s, which has no place in the layers; give it one in internal/lint/layers.go", from, to))
		case own && layerOf(to) >= height:
			report(spec.Pos(), fmt.Sprintf("%s must not import %s: imports point downwards in the layers of internal/lint/layers.go", from, to))
		case !own && strings.Contains(first, ".") && !slices.Contains(outside()[path], from):
			report(spec.Pos(), fmt.Sprintf("%s must not import %s, which is of another module; see internal/lint/layers.go", from, path))
		}
	}
}
