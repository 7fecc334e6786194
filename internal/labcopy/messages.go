package labcopy

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
)

// messages finds where a call hands over what it sends, and the function of the server that is
// given it. The error says what is missing.
func (p *pkg) messages() error {
	if !p.findDispatch() {
		return errors.New("no method of Server takes an encoded request and returns an encoded reply")
	}
	if !p.findHandover() {
		return errors.New("where Call hands its encoded arguments over is not clear")
	}
	return nil
}

// findDispatch finds the method of the server, or else of the service, that takes a request and
// returns a reply.
func (p *pkg) findDispatch() bool {
	for _, typ := range []string{"Server", "Service"} {
		var found *ast.FuncDecl
		for _, f := range p.files {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Recv == nil || fn.Body == nil {
					continue
				}
				obj, _ := p.info.Defs[fn.Name].(*types.Func)
				if obj == nil || obj.Signature().Recv() == nil || !p.isPointerTo(obj.Signature().Recv().Type(), typ) {
					continue
				}
				given, answer, is := dispatches(fn, obj.Signature())
				if !is {
					continue
				}
				if found != nil {
					return false // which of the two?
				}
				found, p.given, p.answer = fn, given, answer
			}
		}
		if found != nil {
			p.dispatch = found
			return true
		}
	}
	return false
}

// dispatches reports whether a function has one parameter with bytes and one result with bytes.
func dispatches(fn *ast.FuncDecl, sig *types.Signature) (given, answer string, is bool) {
	if sig.Results().Len() != 1 || resultOf(fn) == "_" {
		return "", "", false
	}
	answer, is = bytesIn(sig.Results().At(0).Type())
	if !is {
		return "", "", false
	}
	n := 0
	for v := range sig.Params().Variables() {
		if field, is := bytesIn(v.Type()); is && v.Name() != "" && v.Name() != "_" {
			given = v.Name() + field
			n++
		}
	}
	return given, answer, n == 1
}

// bytesIn says where in a value of a type its bytes are: it is bytes itself, or a struct with one
// such field.
func bytesIn(t types.Type) (field string, is bool) {
	if isBytes(t) {
		return "", true
	}
	s, ok := types.Unalias(t).Underlying().(*types.Struct)
	if !ok {
		return "", false
	}
	for f := range s.Fields() {
		if isBytes(f.Type()) {
			if field != "" {
				return "", false
			}
			field = "." + f.Name()
		}
	}
	return field, field != ""
}

func isBytes(t types.Type) bool {
	s, ok := types.Unalias(t).(*types.Slice)
	return ok && types.Identical(s.Elem(), types.Typ[types.Byte])
}

// findHandover finds the first statement of Call that sends a variable with bytes on a channel, or
// gives it to a function of the package that is not a codec: one that returns more, or other, than
// bytes.
func (p *pkg) findHandover() bool {
	call := p.methods["ClientEnd.Call"]
	find := func(list []ast.Stmt) bool {
		for _, stmt := range list {
			if expr, ok := p.handsOver(stmt); ok {
				p.handover, p.sent = stmt, expr
				return true
			}
		}
		return false
	}
	return find(call.Body.List)
}

// handsOver finds in a statement what is handed over.
func (p *pkg) handsOver(stmt ast.Stmt) (expr string, ok bool) {
	ast.Inspect(stmt, func(n ast.Node) bool {
		if ok {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SendStmt:
			expr, ok = p.variable(n.Value, stmt.Pos())
		case *ast.CallExpr:
			if !p.isOwn(n) {
				return true
			}
			for _, arg := range n.Args {
				if expr, ok = p.variable(arg, stmt.Pos()); ok {
					break
				}
			}
		}
		return !ok
	})
	return expr, ok
}

// isOwn reports whether a function or method of the package is called that may take a message
// somewhere.
func (p *pkg) isOwn(call *ast.CallExpr) bool {
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return false
	}
	fn, ok := p.info.Uses[id].(*types.Func)
	return ok && fn.Pkg() == p.types
}

// variable returns the expression for the bytes of a local variable that was declared before a
// place.
func (p *pkg) variable(e ast.Expr, before token.Pos) (expr string, ok bool) {
	id, is := ast.Unparen(e).(*ast.Ident)
	if !is {
		return "", false
	}
	v, is := p.info.Uses[id].(*types.Var)
	if !is || v.Pos() >= before {
		return "", false
	}
	field, is := bytesIn(v.Type())
	return id.Name + field, is
}
