package lint

import (
	"go/ast"
	"go/types"
)

// is reports whether the underlying type of t is a T, such as *types.Map.
func is[T types.Type](t types.Type) bool {
	_, ok := t.Underlying().(T)
	return ok
}

// callee returns the function or method that a call names, or nil for function
// values, conversions and built-in functions.
func (p *Package) callee(call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr: // an instance of a generic function
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	fn, _ := p.Info.Uses[id].(*types.Func)
	return fn
}

// packageFunc returns the package path and the name of the package-level
// function that an identifier refers to, called or not.
func (p *Package) packageFunc(id *ast.Ident) (path, name string) {
	fn, ok := p.Info.Uses[id].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Signature().Recv() != nil {
		return "", ""
	}
	return fn.Pkg().Path(), fn.Name()
}

// anyTerm reports whether some type in the union of a constraint satisfies f.
func anyTerm(iface *types.Interface, f func(types.Type) bool) bool {
	for i := range iface.NumEmbeddeds() {
		switch e := iface.EmbeddedType(i).(type) {
		case *types.Union:
			for j := range e.Len() {
				if f(e.Term(j).Type()) {
					return true
				}
			}
		default:
			if inner, ok := e.Underlying().(*types.Interface); ok {
				if anyTerm(inner, f) {
					return true
				}
			} else if f(e) {
				return true
			}
		}
	}
	return false
}
