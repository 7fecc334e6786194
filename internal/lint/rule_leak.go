package lint

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
)

// checkLeak refuses what a public package exports if its type cannot be named
// outside of the module: if somewhere in it there is a type of an internal package.
func checkLeak(p *Package, report func(token.Pos, string)) {
	if p.Types == nil || isInternal(p.Path) || p.Types.Name() == "main" {
		return
	}
	scope := p.Types.Scope()
	for _, name := range scope.Names() { // sorted
		obj := scope.Lookup(name)
		if !obj.Exported() {
			continue
		}
		at := func(what types.Object, t types.Type) {
			if path := internalIn(t, nil); path != "" {
				report(what.Pos(), fmt.Sprintf("%s is exported, and its type is made of one of %s, which nobody else can import; make that public, or take it out", nameOf(obj, what), path))
			}
		}
		named, isType := obj.(*types.TypeName)
		if !isType || named.IsAlias() {
			at(obj, obj.Type())
			continue
		}
		t, ok := obj.Type().(*types.Named)
		if !ok {
			continue // its declaration has an error
		}
		for tp := range t.TypeParams().TypeParams() {
			at(obj, tp.Constraint())
		}
		switch u := t.Underlying().(type) {
		case *types.Struct:
			for f := range u.Fields() {
				if f.Exported() || f.Embedded() {
					at(f, f.Type())
				}
			}
		case *types.Interface:
			for m := range u.Methods() {
				if m.Exported() {
					at(m, m.Type())
				}
			}
		default:
			at(obj, u)
		}
		for m := range t.Methods() {
			if m.Exported() {
				at(m, m.Type())
			}
		}
	}
}

// nameOf is Type.Method, Type.Field or a name alone.
func nameOf(of, what types.Object) string {
	if of == what {
		return of.Name()
	}
	return of.Name() + "." + what.Name()
}

// internalIn returns the path of an internal package of which a type is in t, or
// nothing. A type that is declared elsewhere is looked at by its name alone: where it
// is declared, it is checked itself.
func internalIn(t types.Type, seen []types.Type) string {
	if slices.Contains(seen, t) {
		return ""
	}
	seen = append(seen, t)
	first := func(all ...types.Type) string {
		for _, t := range all {
			if path := internalIn(t, seen); path != "" {
				return path
			}
		}
		return ""
	}
	named := func(obj *types.TypeName, args *types.TypeList) string {
		if pkg := obj.Pkg(); pkg != nil && isInternal(pkg.Path()) {
			return pkg.Path()
		}
		for arg := range args.Types() {
			if path := internalIn(arg, seen); path != "" {
				return path
			}
		}
		return ""
	}
	switch t := t.(type) {
	case *types.Alias:
		if path := named(t.Obj(), t.TypeArgs()); path != "" {
			return path
		}
		if t.Obj().Exported() {
			return first(t.Rhs())
		}
		return first(types.Unalias(t))
	case *types.Named:
		return named(t.Obj(), t.TypeArgs())
	case *types.TypeParam:
		return first(t.Constraint())
	case *types.Pointer:
		return first(t.Elem())
	case *types.Slice:
		return first(t.Elem())
	case *types.Array:
		return first(t.Elem())
	case *types.Chan:
		return first(t.Elem())
	case *types.Map:
		return first(t.Key(), t.Elem())
	case *types.Tuple:
		for v := range t.Variables() {
			if path := first(v.Type()); path != "" {
				return path
			}
		}
	case *types.Signature:
		for tp := range t.TypeParams().TypeParams() {
			if path := first(tp.Constraint()); path != "" {
				return path
			}
		}
		return first(t.Params(), t.Results())
	case *types.Struct:
		for f := range t.Fields() {
			if path := first(f.Type()); path != "" {
				return path
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if path := first(m.Type()); path != "" {
				return path
			}
		}
		for e := range t.EmbeddedTypes() {
			if path := first(e); path != "" {
				return path
			}
		}
	case *types.Union:
		for term := range t.Terms() {
			if path := first(term.Type()); path != "" {
				return path
			}
		}
	}
	return ""
}
