package labcopy

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
)

// Level is how much is known of the messages of a copy.
type Level int

// The levels.
const (
	Calls Level = iota + 1
	Messages
)

// Copy is a copy of labrpc that is recognised.
type Copy struct {
	Level   Level
	Lacking string            // at the level of calls, what would be needed to know more
	Files   map[string][]byte // the files that are changed, by name, as they are built
}

// MayBe reports whether Go source may be a part of a copy, at a glance: all copies have a
// function of this name.
func MayBe(source []byte) bool { return bytes.Contains(source, []byte("func MakeNetwork(")) }

// Recognise looks at the files of a package, by name. It returns nil and no error for a package that is
// no copy at all, and an error that says what is not as in labrpc for one that is like it.
func Recognise(sources map[string][]byte) (*Copy, error) {
	p := &pkg{fset: token.NewFileSet(), sources: sources, changes: make(map[string][]insertion)}
	for _, name := range names(sources) {
		f, err := parser.ParseFile(p.fset, name, sources[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, nil // the compiler will say so
		}
		p.files = append(p.files, f)
	}
	if len(p.files) == 0 {
		return nil, nil
	}
	p.check()
	if !p.isLike() {
		return nil, nil
	}
	if err := p.api(); err != nil {
		return nil, err
	}
	c := &Copy{Level: Messages}
	if err := p.messages(); err != nil {
		c.Level, c.Lacking = Calls, err.Error()
	}
	p.tellAPI(c.Level == Messages)
	c.Files = p.changed()
	return c, nil
}

func names(sources map[string][]byte) []string {
	list := make([]string, 0, len(sources))
	for name := range sources { //samerun:allow maprange: sorted
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// pkg is the package that is looked at.
type pkg struct {
	fset    *token.FileSet
	sources map[string][]byte
	files   []*ast.File
	types   *types.Package
	info    types.Info

	endName  string                   // the field of ClientEnd that has its name
	methods  map[string]*ast.FuncDecl // of the API, as "Network.Connect"
	handover ast.Stmt                 // of Call, before which its bytes are known
	sent     string                   // the expression for these
	dispatch *ast.FuncDecl            // of the server
	given    string                   // the expression for what it is given, and
	answer   string                   // what is behind its result for the reply: "" or ".reply"
	changes  map[string][]insertion   // by file
}

// insertion is text that is put into a file.
type insertion struct {
	at   int
	text string
}

// none imports nothing: what a copy needs of other packages is not looked at.
type none struct{}

func (none) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	return nil, errors.New("not looked at")
}

// check finds the types, as far as they are declared in the package.
func (p *pkg) check() {
	p.info = types.Info{Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection)}
	conf := types.Config{Importer: none{}, Error: func(error) {}, FakeImportC: true}
	p.types, _ = conf.Check("copy", p.fset, p.files, &p.info) // it has errors: nothing is imported
}

// isLike reports whether the package has what a copy has at least: MakeNetwork, which makes a
// Network, and ends with a method Call.
func (p *pkg) isLike() bool {
	f, _ := p.types.Scope().Lookup("MakeNetwork").(*types.Func)
	if f == nil {
		return false
	}
	results := f.Signature().Results()
	return results.Len() == 1 && p.isPointerTo(results.At(0).Type(), "Network") && p.method("ClientEnd", "Call") != nil
}

// isPointerTo reports whether a type is a pointer to a type of the package.
func (p *pkg) isPointerTo(t types.Type, name string) bool {
	ptr, ok := t.(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(ptr.Elem()).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() == p.types
}

// method is the declaration of a method of a pointer to a type.
func (p *pkg) method(typ, name string) *ast.FuncDecl {
	for _, f := range p.files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != name || fn.Body == nil {
				continue
			}
			obj, _ := p.info.Defs[fn.Name].(*types.Func)
			if obj != nil && obj.Signature().Recv() != nil && p.isPointerTo(obj.Signature().Recv().Type(), typ) {
				return fn
			}
		}
	}
	return nil
}

// isAny reports whether a type is the interface that everything implements.
func isAny(t types.Type) bool {
	i, ok := types.Unalias(t).Underlying().(*types.Interface)
	return ok && i.Empty() && i.NumEmbeddeds() == 0 && t != types.Typ[types.Invalid]
}

// changed returns the files that are changed.
func (p *pkg) changed() map[string][]byte {
	files := make(map[string][]byte)
	for name, list := range p.changes { //samerun:allow maprange: into a map
		slices.SortStableFunc(list, func(a, b insertion) int { return cmp.Compare(a.at, b.at) })
		var out []byte
		from := 0
		for _, x := range list {
			out = append(append(out, p.sources[name][from:x.at]...), x.text...)
			from = x.at
		}
		files[name] = append(out, p.sources[name][from:]...)
	}
	return files
}

// insert puts text before a place.
func (p *pkg) insert(at token.Pos, format string, args ...any) {
	pos := p.fset.PositionFor(at, false)
	name := filepath.Base(pos.Filename)
	p.changes[name] = append(p.changes[name], insertion{pos.Offset, fmt.Sprintf(format, args...)})
}
