package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

const sortKeys = "the order of a map differs from run to run; collect the keys and sort them, as in slices.Sorted(maps.Keys(m))"

// checkMapRange refuses what visits a map in its own order: range, the iterators
// of package maps (unless they go straight into a sort), reflection and sync.Map.
func checkMapRange(p *Package, report func(token.Pos, string)) {
	sorted := make(map[ast.Node]bool) // calls whose result is sorted at once
	p.inspect(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.BlockStmt:
			p.markSortedLoops(n.List, sorted)
		case *ast.CaseClause:
			p.markSortedLoops(n.Body, sorted)
		case *ast.CommClause:
			p.markSortedLoops(n.Body, sorted)
		case *ast.RangeStmt:
			if p.isMap(n.X) && !sorted[n] && (named(n.Key) || named(n.Value)) {
				report(n.Pos(), "range over a map: "+sortKeys)
			}
		case *ast.CallExpr:
			if fn := p.callee(n); fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "slices" && strings.HasPrefix(fn.Name(), "Sorted") && len(n.Args) > 0 {
				sorted[ast.Unparen(n.Args[0])] = true
			}
			if name := p.mapVisitor(n); name != "" && !sorted[n] {
				report(n.Pos(), name+": "+sortKeys)
			}
		}
	})
}

// markSortedLoops finds, among the statements of a block, loops that do nothing
// but collect the keys of a map and are followed by a sort of what they collected.
func (p *Package) markSortedLoops(list []ast.Stmt, sorted map[ast.Node]bool) {
	for i := range max(0, len(list)-1) {
		loop, ok := list[i].(*ast.RangeStmt)
		if !ok || !p.isMap(loop.X) {
			continue
		}
		if into := collectsKeys(loop); into != "" && p.sorts(list[i+1], into) {
			sorted[loop] = true
		}
	}
}

// collectsKeys returns x if the loop is: for k := range m { x = append(x, k) }.
func collectsKeys(loop *ast.RangeStmt) string {
	key, ok := loop.Key.(*ast.Ident)
	if !ok || named(loop.Value) || len(loop.Body.List) != 1 {
		return ""
	}
	assign, ok := loop.Body.List[0].(*ast.AssignStmt)
	if !ok || assign.Tok != token.ASSIGN || len(assign.Lhs) != 1 || len(assign.Rhs) != 1 {
		return ""
	}
	call, ok := assign.Rhs[0].(*ast.CallExpr)
	if !ok || types.ExprString(call.Fun) != "append" || len(call.Args) != 2 || types.ExprString(call.Args[1]) != key.Name {
		return ""
	}
	into := types.ExprString(assign.Lhs[0])
	if types.ExprString(call.Args[0]) != into {
		return ""
	}
	return into
}

// sorts reports whether the statement calls a sort function of the standard
// library with x first, or with x converted to a sortable type.
func (p *Package) sorts(stmt ast.Stmt, x string) bool {
	expr, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := expr.X.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	fn := p.callee(call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "sort" && !(fn.Pkg().Path() == "slices" && strings.HasPrefix(fn.Name(), "Sort")) {
		return false
	}
	arg := ast.Unparen(call.Args[0])
	if conv, ok := arg.(*ast.CallExpr); ok && len(conv.Args) == 1 {
		arg = conv.Args[0]
	}
	return types.ExprString(arg) == x
}

// mapVisitor names the function or method if the call visits a map in its order.
func (p *Package) mapVisitor(call *ast.CallExpr) string {
	fn := p.callee(call)
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	name := fn.Name()
	switch fn.Pkg().Path() {
	case "maps":
		if name == "Keys" || name == "Values" || name == "All" {
			return "maps." + name
		}
	case "reflect":
		if name == "MapRange" || name == "MapKeys" {
			return "reflect " + name
		}
	case "sync":
		if name == "Range" {
			return "sync.Map.Range"
		}
	}
	return ""
}

// isMap reports whether the expression is a map, or of a type parameter that
// stands for maps.
func (p *Package) isMap(x ast.Expr) bool {
	t := p.Info.TypeOf(x)
	if t == nil {
		return false
	}
	if tp, ok := types.Unalias(t).(*types.TypeParam); ok {
		iface, ok := tp.Constraint().Underlying().(*types.Interface)
		return ok && anyTerm(iface, func(t types.Type) bool { return is[*types.Map](t) })
	}
	return is[*types.Map](t)
}

// named reports whether a loop variable is there and not blank.
func named(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return x != nil && (!ok || id.Name != "_")
}
