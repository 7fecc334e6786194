package lint

import (
	"go/ast"
	"go/token"
	"go/types"
)

// checkGlobal refuses package-level variables that can change: those whose type
// has a part that is shared when copied (maps, slices, pointers, channels, locks),
// exported ones, and those that some code outside init assigns to or takes the
// address of. Error values and compiled regular expressions are constants by custom.
func checkGlobal(p *Package, report func(token.Pos, string)) {
	changed := p.changedGlobals()
	for _, file := range p.Files {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					obj, ok := p.Info.Defs[id].(*types.Var)
					if !ok || id.Name == "_" {
						continue
					}
					if why := globalProblem(obj, changed[obj]); why != "" {
						report(id.Pos(), id.Name+" is package-level state: "+why)
					}
				}
			}
		}
	}
}

// globalProblem says how the variable can change, or is empty if it cannot.
func globalProblem(v *types.Var, changed bool) string {
	switch {
	case changed:
		return "the package changes it or takes its address; one run would see another's value"
	case types.Identical(v.Type(), types.Universe.Lookup("error").Type()):
		return ""
	case v.Exported():
		return "it is exported, so that any package can change it; make it a constant or a function"
	}
	if part := mutablePart(v.Type(), nil); part != "" {
		return "its type has " + part + "; make it a constant, an array, a switch or a field of the run"
	}
	return ""
}

// mutablePart names a part of the type through which a value can be changed
// without an assignment to the variable, or is empty.
func mutablePart(t types.Type, seen []types.Type) string {
	for _, s := range seen {
		if types.Identical(s, t) {
			return ""
		}
	}
	seen = append(seen, t)
	name := types.TypeString(t, nil)
	switch name {
	case "*regexp.Regexp", "*strings.Replacer", "*hash/crc32.Table", "*hash/crc64.Table", "reflect.Type", "time.Time":
		return "" // nothing changes one of these once it is made
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil {
		switch named.Obj().Pkg().Path() {
		case "sync", "sync/atomic":
			return "a " + name
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Map:
		return "a map"
	case *types.Slice:
		return "a slice"
	case *types.Pointer:
		return "a pointer"
	case *types.Chan:
		return "a channel"
	case *types.Interface:
		if types.Identical(t, types.Universe.Lookup("error").Type()) {
			return ""
		}
		return "an interface, which may hold a pointer"
	case *types.Array:
		return mutablePart(u.Elem(), seen)
	case *types.Struct:
		for i := range u.NumFields() {
			if part := mutablePart(u.Field(i).Type(), seen); part != "" {
				return part
			}
		}
	}
	return ""
}

// changedGlobals finds the package-level variables that functions other than
// init assign to, or whose address they take, be it for a method call.
func (p *Package) changedGlobals() map[*types.Var]bool {
	changed := make(map[*types.Var]bool)
	mark := func(x ast.Expr) {
		if v := p.rootVar(x); v != nil && v.Parent() == p.Types.Scope() {
			changed[v] = true
		}
	}
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				mark(x)
			}
		case *ast.IncDecStmt:
			mark(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				mark(n.Key)
				mark(n.Value)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				mark(n.X)
			}
		case *ast.SliceExpr:
			// Slicing an array takes its address.
			if t := p.Info.TypeOf(n.X); t != nil && is[*types.Array](t) {
				mark(n.X)
			}
		case *ast.SelectorExpr:
			sel := p.Info.Selections[n]
			if sel == nil || sel.Kind() != types.MethodVal || sel.Indirect() {
				break
			}
			recv := sel.Obj().(*types.Func).Signature().Recv()
			if is[*types.Pointer](recv.Type()) && !is[*types.Pointer](sel.Recv()) {
				mark(n.X)
			}
		}
		return true
	}
	for _, file := range p.Files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				continue
			}
			ast.Inspect(decl, visit)
		}
	}
	return changed
}

// rootVar is the variable that x is or lies in: v for v, v.f and v[i]. What is
// reached through a pointer, slice or map lies elsewhere.
func (p *Package) rootVar(x ast.Expr) *types.Var {
	switch x := x.(type) {
	case *ast.Ident:
		v, _ := p.Info.Uses[x].(*types.Var)
		return v
	case *ast.ParenExpr:
		return p.rootVar(x.X)
	case *ast.SelectorExpr:
		if t := p.Info.TypeOf(x.X); t != nil && is[*types.Struct](t) {
			return p.rootVar(x.X)
		}
	case *ast.IndexExpr:
		if t := p.Info.TypeOf(x.X); t != nil && is[*types.Array](t) {
			return p.rootVar(x.X)
		}
	}
	return nil
}
