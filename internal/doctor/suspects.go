package doctor

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"samerun/internal/text"
)

// sourceReader looks for suspects in one file.
type sourceReader struct {
	*survey
	fset     *token.FileSet
	name     string            // of the file, for people
	path     string            // of the package
	own      bool              // in the user's module
	imports  map[string]string // by name
	decl     ast.Decl          // the declaration that is being read
	first    int               // the suspects from here on are of this file
	function string            // its name; empty outside of functions
	early    bool              // which runs before any test
}

// telltales are functions that tell a program what differs from run to run: by package,
// the kind and the names, of which none means all.
var telltales = map[string][]struct {
	kind  string
	names []string
}{
	"runtime": {
		{byCollector, []string{"ReadMemStats", "NumGoroutine"}},
	},
	"runtime/debug": {{byCollector, []string{"ReadGCStats"}}},
	"unique":        {{byCollector, []string{"Make"}}},
	"testing":       {{byCollector, []string{"AllocsPerRun"}}},
	"os": {{byWorld, []string{
		"Getpid", "Getppid", "Hostname", "Getwd", "Environ", "Getenv", "LookupEnv",
		"Open", "OpenFile", "Create", "ReadFile", "ReadDir", "Stat", "Lstat", "WriteFile",
	}}, {byNetwork, []string{"Pipe", "StartProcess"}}, {byFolder, []string{"TempDir", "MkdirTemp", "CreateTemp"}}},
	"os/exec":               {{byNetwork, []string{"Command", "CommandContext"}}},
	"net":                   {{byNetwork, []string{"ListenMulticastUDP", "ListenUnixgram", "ListenIP", "DialIP", "FileConn", "FileListener", "LookupHost", "LookupIP"}}},
	"syscall":               {{byWorld, nil}},
	"golang.org/x/sys/unix": {{byWorld, nil}},
}

// changers are methods that change what they belong to.
var changers = []string{"Do", "Add", "Store", "Swap", "CompareAndSwap", "LoadOrStore", "Put"}

// variables notes the variables that a declaration makes, for layout.go.
func (s *sourceReader) variables(decl ast.Decl) {
	d, ok := decl.(*ast.GenDecl)
	if !ok || d.Tok != token.VAR || isSamerun(strings.ReplaceAll(s.path, "%2e", ".")) {
		return
	}
	for _, spec := range d.Specs {
		for _, name := range spec.(*ast.ValueSpec).Names {
			if name.Name != "_" {
				at := s.name + ":" + strconv.Itoa(s.fset.Position(name.Pos()).Line)
				s.vars = append(s.vars, variable{name: s.path + "." + name.Name, at: at, own: s.own})
			}
		}
	}
}

// look is called for each node of a declaration.
func (s *sourceReader) look(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BasicLit:
		if n.Kind != token.STRING {
			break
		}
		if n.Value == `"GOMAXPROCS"` {
			// The runtime gives a number of its own; the environment does not.
			s.add(n, byProcessors, n.Value)
		}
		if strings.Contains(n.Value, "%p") {
			s.add(n, byAddress, "%p")
		}
		for _, folder := range []string{"/proc/", "/dev/", "/sys/"} {
			if strings.HasPrefix(n.Value[1:], folder) {
				s.add(n, byWorld, text.Cut(n.Value, 40))
			}
		}
	case *ast.CallExpr:
		s.call(n)
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			for _, left := range n.Lhs {
				s.change(left)
			}
		}
	case *ast.IncDecStmt:
		s.change(n.X)
	}
	return true
}

// call looks at what is called.
func (s *sourceReader) call(n *ast.CallExpr) {
	switch f := n.Fun.(type) {
	case *ast.Ident:
		switch {
		case f.Name == "uintptr" && len(n.Args) == 1 && s.isUnsafePointer(n.Args[0]):
			s.add(n, byAddress, "an address as a number")
		case f.Name == "delete" && len(n.Args) > 0:
			s.change(n.Args[0])
		}
	case *ast.SelectorExpr:
		x, ok := f.X.(*ast.Ident)
		if !ok {
			return
		}
		if slices.Contains(changers, f.Sel.Name) {
			s.change(x)
		}
		if f.Sel.Name == "TempDir" && s.imports[x.Name] == "" {
			s.add(n, byFolder, x.Name+".TempDir")
		}
		for _, t := range telltales[s.imports[x.Name]] {
			if t.names == nil && ast.IsExported(f.Sel.Name) || slices.Contains(t.names, f.Sel.Name) {
				s.add(n, t.kind, x.Name+"."+f.Sel.Name)
			}
		}
	}
}

func (s *sourceReader) isUnsafePointer(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Pointer" {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && s.imports[x.Name] == "unsafe"
}

// change looks at what is assigned to: a variable of the package, or a part of one.
func (s *sourceReader) change(e ast.Expr) {
	for {
		switch x := e.(type) {
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.Ident:
			// A name that the parser has not found in a function is one of the package,
			// in this file or in another one, or an imported package.
			if x.Name != "_" && s.function != "" && !s.early && s.imports[x.Name] == "" && s.ofPackage(x) {
				s.add(x, byGlobal, x.Name+" is changed")
			}
			return
		default:
			return
		}
	}
}

// ofPackage reports whether a name is not one of the function that it stands in.
func (s *sourceReader) ofPackage(x *ast.Ident) bool {
	return x.Obj == nil || x.Obj.Pos() < s.decl.Pos() || x.Obj.Pos() > s.decl.End()
}

func (s *sourceReader) add(n ast.Node, kind, what string) {
	in := ""
	if s.function != "" {
		in = s.path + "." + s.function
	}
	at := s.fset.Position(n.Pos())
	found := suspect{kind, what, s.name + ":" + strconv.Itoa(at.Line), s.path, in, s.own}
	if !slices.Contains(s.suspects[s.first:], found) {
		s.suspects = append(s.suspects, found)
	}
}
