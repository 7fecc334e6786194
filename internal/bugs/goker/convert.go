package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
)

// edit replaces the text between two offsets.
type edit struct {
	begin, end int
	text       string
}

// converter makes a test of one file of Go's own tree.
type converter struct {
	fset  *token.FileSet
	src   []byte
	edits []edit
}

// convert makes of a program for Go's goroutine leak profile what it was made of, a test.
// src registers one function, which runs a kernel in many copies, waits, and writes a
// profile. The test of the same name runs the kernel once. runtime.Gosched, which helps
// bugs to show, goes. The result is a file of a package called name.
func convert(name string, src []byte) (test string, out []byte, err error) {
	c := &converter{fset: token.NewFileSet(), src: src}
	file, err := parser.ParseFile(c.fset, name+".go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", nil, err
	}
	registered := ""
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "init" && f.Recv == nil {
			if registered, err = registers(f); err != nil {
				return "", nil, fmt.Errorf("%s: %w", c.fset.Position(f.Pos()), err)
			}
			c.cut(f.Pos(), f.End(), "")
		}
	}
	i := slices.IndexFunc(file.Decls, func(d ast.Decl) bool {
		f, ok := d.(*ast.FuncDecl)
		return ok && f.Recv == nil && f.Name.Name == registered
	})
	if i < 0 {
		return "", nil, fmt.Errorf("%s.go registers no function of its own", name)
	}
	main := file.Decls[i].(*ast.FuncDecl)
	if err := c.once(main); err != nil {
		return "", nil, err
	}
	c.withoutYields(file)
	c.cut(file.Name.Pos(), file.Name.End(), name+"\n\nimport \"testing\"\n")
	c.cut(main.Name.Pos(), main.Type.End(), "Test"+registered+"(*testing.T)")
	out, err = withoutUnused(c.text())
	return "Test" + registered, out, err
}

// registers returns the name of the function that an init function registers.
func registers(init *ast.FuncDecl) (string, error) {
	if len(init.Body.List) == 1 {
		if s, ok := init.Body.List[0].(*ast.ExprStmt); ok {
			if call, ok := s.X.(*ast.CallExpr); ok && len(call.Args) == 2 && isName(call.Fun, "register") {
				if f, ok := call.Args[1].(*ast.Ident); ok {
					return f.Name, nil
				}
			}
		}
	}
	return "", errors.New("init does something else than to register one function")
}

// once takes away what the registered function does beside running the kernel: the profile
// and the wait before it, and the copies. The goroutine of a copy is then the test's own.
func (c *converter) once(main *ast.FuncDecl) error {
	body, profiles := []ast.Stmt(nil), 0
	for _, s := range main.Body.List {
		switch {
		case isProfile(s):
			profiles++
			c.cut(s.Pos(), s.End(), "")
		default:
			body = append(body, s)
		}
	}
	if profiles != 2 {
		return fmt.Errorf("%s: %s does not look up a profile and write it when it returns", c.fset.Position(main.Pos()), main.Name.Name)
	}
	if i := slices.IndexFunc(body, isLoop); i >= 0 {
		loop := body[i].(*ast.ForStmt)
		index, n, err := copies(loop)
		if err != nil {
			return fmt.Errorf("%s: %w", c.fset.Position(loop.Pos()), err)
		}
		head := "{"
		if uses(loop.Body, index) {
			// The copies differ. The one in the middle is no special case.
			head += fmt.Sprintf("\n%s := %d\n", index, n/2)
		}
		c.cut(loop.Pos(), loop.Body.Lbrace+1, head)
		body = loop.Body.List
	}
	starts := 0
	for _, s := range body {
		if _, ok := s.(*ast.GoStmt); ok {
			starts++
		}
	}
	if starts == 1 {
		if s, ok := body[len(body)-1].(*ast.GoStmt); ok {
			c.cut(s.Go, s.Call.Pos(), "")
		}
	}
	return nil
}

// isProfile says whether a statement looks up the profile, or is deferred to write it.
func isProfile(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.AssignStmt, *ast.DeferStmt:
	default:
		return false
	}
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			found = found || isSelector(call.Fun, "pprof", "Lookup") || isSelector(call.Fun, "prof", "WriteTo")
		}
		return true
	})
	return found
}

func isLoop(s ast.Stmt) bool { _, ok := s.(*ast.ForStmt); return ok }

// copies returns the index of a loop that counts, and how far.
func copies(loop *ast.ForStmt) (index string, n int, err error) {
	init, ok := loop.Init.(*ast.AssignStmt)
	cond, ok2 := loop.Cond.(*ast.BinaryExpr)
	if ok && ok2 && len(init.Lhs) == 1 {
		i, ok := init.Lhs[0].(*ast.Ident)
		limit, ok2 := cond.Y.(*ast.BasicLit)
		if ok && ok2 && isName(cond.X, i.Name) {
			n, err := strconv.Atoi(limit.Value)
			return i.Name, n, err
		}
	}
	return "", 0, errors.New("this loop does not merely count copies of the kernel")
}

// uses says whether a block mentions a name that it did not declare itself before.
func uses(body *ast.BlockStmt, name string) bool {
	used, declared := false, false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			declared = declared || n.Tok == token.DEFINE && slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return isName(e, name) })
		case *ast.RangeStmt:
			declared = declared || n.Tok == token.DEFINE && n.Key != nil && isName(n.Key, name)
		case *ast.Field:
			return false
		case *ast.SelectorExpr:
			used = used || !declared && isName(n.X, name)
			return false
		case *ast.Ident:
			used = used || !declared && n.Name == name
		}
		return true
	})
	return used
}

// withoutYields takes away calls of runtime.Gosched.
func (c *converter) withoutYields(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.ExprStmt); ok {
			if call, ok := s.X.(*ast.CallExpr); ok && isSelector(call.Fun, "runtime", "Gosched") {
				c.cut(s.Pos(), s.End(), "")
			}
		}
		return true
	})
}

// withoutUnused takes away imports that nothing uses any more, and formats.
func withoutUnused(src []byte) ([]byte, error) {
	c := &converter{fset: token.NewFileSet(), src: src}
	file, err := parser.ParseFile(c.fset, "", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	used := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok {
				used[x.Name] = true
			}
		}
		return true
	})
	for _, d := range file.Decls {
		imports, ok := d.(*ast.GenDecl)
		if !ok || imports.Tok != token.IMPORT {
			continue
		}
		left := len(imports.Specs)
		for _, s := range imports.Specs {
			spec := s.(*ast.ImportSpec)
			where, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, err
			}
			if spec.Name == nil && !used[path.Base(where)] {
				left--
				c.cut(spec.Pos(), spec.End(), "")
			}
		}
		if left == 0 {
			c.cut(imports.Pos(), imports.End(), "")
		}
	}
	return format.Source(c.text())
}

// cut replaces the text between two positions.
func (c *converter) cut(begin, end token.Pos, text string) {
	c.edits = append(c.edits, edit{c.fset.Position(begin).Offset, c.fset.Position(end).Offset, text})
}

// text returns the source after all edits. One within another is left out.
func (c *converter) text() []byte {
	slices.SortStableFunc(c.edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(b.end, a.end)) })
	var out []byte
	at := 0
	for _, e := range c.edits {
		if e.begin < at {
			continue
		}
		out = append(append(out, c.src[at:e.begin]...), e.text...)
		at = e.end
	}
	return append(out, c.src[at:]...)
}

func isName(e ast.Expr, name string) bool { x, ok := e.(*ast.Ident); return ok && x.Name == name }

func isSelector(e ast.Expr, x, sel string) bool {
	s, ok := e.(*ast.SelectorExpr)
	return ok && s.Sel.Name == sel && isName(s.X, x)
}
