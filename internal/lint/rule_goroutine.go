package lint

import (
	"go/ast"
	"go/token"
	"go/types"
)

// checkGoroutine refuses what leaves an order to the run-time system: the go
// statement and its wrappers, and select, which picks among ready channels by chance.
func checkGoroutine(p *Package, report func(token.Pos, string)) {
	const message = "the order of goroutines differs from run to run; spawn a task of the scheduler"
	p.inspect(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.GoStmt:
			report(n.Pos(), "go: "+message)
		case *ast.SelectStmt:
			channels := 0
			for _, clause := range n.Body.List {
				if clause.(*ast.CommClause).Comm != nil {
					channels++
				}
			}
			if channels > 1 {
				report(n.Pos(), "select picks by chance when several channels are ready; use the scheduler's Select")
			}
		case *ast.CallExpr:
			fn := p.callee(n)
			if fn == nil || fn.Pkg() == nil {
				return
			}
			path, recv := fn.Pkg().Path(), fn.Signature().Recv()
			if path == "context" && fn.Name() == "AfterFunc" || path == "sync" && fn.Name() == "Go" && recv != nil {
				report(n.Pos(), types.ExprString(n.Fun)+": "+message)
			}
		}
	})
}
