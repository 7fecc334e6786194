package lint

import (
	"go/ast"
	"go/token"
	"go/types"
)

// checkFloat refuses each expression and variable of a floating-point or complex
// type. A constant such as 1e9 is fine where it becomes an integer.
func checkFloat(p *Package, report func(token.Pos, string)) {
	const message = "floating point: CPUs differ in fused operations; use integers, such as parts per million"
	p.inspect(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Ident:
			if obj := p.Info.Defs[n]; obj != nil && isFloat(obj.Type()) {
				report(n.Pos(), message)
			}
		}
		if x, ok := n.(ast.Expr); ok {
			if tv, ok := p.Info.Types[x]; ok && isFloat(tv.Type) {
				report(x.Pos(), message)
			}
		}
	})
}

func isFloat(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
}
