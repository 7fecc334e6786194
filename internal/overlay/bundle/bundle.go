package bundle

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// prefix begins each name that is ours in the standard library.
const prefix = "samerun"

// unbundled is the file of a leaf that embeds the others.
const unbundled = "source.go"

// Leaf is a package that is bundled.
type Leaf struct {
	Path   string // its import path, whose last element is its name
	Source fs.FS  // its files, in the root; folders are left out
}

// Files returns the files that the leaves become in the package of the standard
// library that into names, such as "internal/poll", by their names there: file
// queue.go of leaf pick becomes samerun_pick_queue.go, and file pick.go becomes
// samerun_pick.go. A leaf comes behind those that it imports. allowed are the other
// packages that leaves may import; unsafe always is. The error says in one sentence
// in which file and line a leaf does what it must not do.
func Files(into string, leaves []Leaf, allowed ...string) (map[string]string, error) {
	b := bundler{
		fset:    token.NewFileSet(),
		into:    into,
		allowed: allowed,
		checked: make(map[string]*types.Package),
		owner:   make(map[string]token.Pos),
		files:   make(map[string]string),
	}
	for _, leaf := range leaves {
		if err := b.add(leaf); err != nil {
			return nil, fmt.Errorf("package %s cannot be bundled into %s: %w", leaf.Path, into, err)
		}
	}
	return b.files, nil
}

// bundler is the state of Files.
type bundler struct {
	fset    *token.FileSet
	into    string
	allowed []string
	checked map[string]*types.Package // the leaves so far, by path
	owner   map[string]token.Pos      // where each name of the bundle is declared
	files   map[string]string         // the result so far
}

// source is one file of a leaf.
type source struct {
	name   string
	text   []byte
	syntax *ast.File
}

// add bundles one leaf.
func (b *bundler) add(leaf Leaf) error {
	sources, err := b.parse(leaf)
	if err != nil {
		return err
	}
	for _, s := range sources {
		if err := b.checkFile(s); err != nil {
			return err
		}
	}
	pkg, info, err := b.check(leaf, sources)
	if err != nil {
		return err
	}
	if err := b.claim(pkg); err != nil {
		return err
	}
	b.checked[leaf.Path] = pkg
	for _, s := range sources {
		text, err := b.rewrite(pkg, info, s)
		if err != nil {
			return err
		}
		name := prefix + "_" + path.Base(leaf.Path) + "_" + s.name
		if s.name == path.Base(leaf.Path)+".go" {
			name = prefix + "_" + s.name
		}
		if _, taken := b.files[name]; taken {
			return fmt.Errorf("two leaves have a file that becomes %s", name)
		}
		b.files[name] = text
	}
	return nil
}

// parse reads the files of a leaf that are bundled, sorted.
func (b *bundler) parse(leaf Leaf) ([]source, error) {
	entries, err := fs.ReadDir(leaf.Source, ".")
	if err != nil {
		return nil, err
	}
	var sources []source
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || name == unbundled {
			continue
		}
		text, err := fs.ReadFile(leaf.Source, name)
		if err != nil {
			return nil, err
		}
		syntax, err := parser.ParseFile(b.fset, path.Join(leaf.Path, name), text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if want := path.Base(leaf.Path); syntax.Name.Name != want {
			return nil, fmt.Errorf("%s is of package %s, not %s", name, syntax.Name.Name, want)
		}
		sources = append(sources, source{name, text, syntax})
	}
	if len(sources) == 0 {
		return nil, errors.New("it has no Go files")
	}
	slices.SortFunc(sources, func(a, b source) int { return cmp.Compare(a.name, b.name) })
	return sources, nil
}

// checkFile refuses what the package that the leaf joins cannot import, and files
// that are for some systems only: what they declare twice has no one meaning.
func (b *bundler) checkFile(s source) error {
	for _, group := range s.syntax.Comments {
		for _, c := range group.List {
			if constraint.IsGoBuild(c.Text) && c.Pos() < s.syntax.Package {
				return b.errorf(c.Pos(), "it has a build constraint, but a leaf is the same on all systems")
			}
		}
	}
	for _, spec := range s.syntax.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		_, leaf := b.checked[name]
		switch {
		case spec.Name != nil && spec.Name.Name == ".":
			return b.errorf(spec.Pos(), "it imports %q with a dot, so that nobody sees whose the names are; import it without", name)
		case !leaf && name != "unsafe" && !slices.Contains(b.allowed, name):
			return b.errorf(spec.Pos(), "it imports %q, but may import only %s", name, b.importable())
		}
	}
	return nil
}

// importable lists what a leaf may import.
func (b *bundler) importable() string {
	all := append([]string{"unsafe"}, b.allowed...)
	for name := range b.checked {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// check finds out what each identifier of a leaf means. Packages of the standard
// library are not read for that: what they have is none of the leaf's names. So
// the compiler, not this function, finds what does not fit together.
func (b *bundler) check(leaf Leaf, sources []source) (*types.Package, *types.Info, error) {
	info := &types.Info{Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object)}
	config := types.Config{
		Importer: importer(func(name string) (*types.Package, error) {
			if pkg := b.checked[name]; pkg != nil {
				return pkg, nil
			}
			fake := types.NewPackage(name, path.Base(name))
			fake.MarkComplete()
			return fake, nil
		}),
		Error: func(error) {},
	}
	syntax := make([]*ast.File, len(sources))
	for i, s := range sources {
		syntax[i] = s.syntax
	}
	pkg, _ := config.Check(leaf.Path, b.fset, syntax, info)
	for _, s := range sources {
		if err := b.checkNames(pkg, info, s); err != nil {
			return nil, nil, err
		}
	}
	return pkg, info, nil
}

// importer is a function that is a types.Importer.
type importer func(name string) (*types.Package, error)

func (f importer) Import(name string) (*types.Package, error) { return f(name) }

// checkNames refuses names that would be taken for those of the bundle, and those
// of the leaf where they mean something that cannot be found out.
func (b *bundler) checkNames(pkg *types.Package, info *types.Info, s source) (err error) {
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		if err != nil {
			return false
		}
		switch n := n.(type) {
		case *ast.SelectorExpr:
			// What stands behind the dot is a field, a method, or another package's.
			ast.Inspect(n.X, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && err == nil {
					err = b.checkName(pkg, info, id)
				}
				return true
			})
			return false
		case *ast.Ident:
			err = b.checkName(pkg, info, n)
		}
		return true
	})
	return err
}

func (b *bundler) checkName(pkg *types.Package, info *types.Info, id *ast.Ident) error {
	_, known := info.Uses[id]
	_, defined := info.Defs[id]
	switch {
	case strings.HasPrefix(id.Name, prefix):
		return b.errorf(id.Pos(), "the name %s begins as those of the bundle do; the bundler adds %s by itself", id.Name, prefix)
	case !known && !defined && pkg.Scope().Lookup(id.Name) != nil:
		return b.errorf(id.Pos(), "it cannot be found out whether %s is what this package declares; use another name", id.Name)
	}
	return nil
}

// claim takes the names of a leaf for it.
func (b *bundler) claim(pkg *types.Package) error {
	for _, name := range pkg.Scope().Names() {
		if name == "_" || name == "init" {
			continue
		}
		at := pkg.Scope().Lookup(name).Pos()
		long := prefixed(name)
		if other, taken := b.owner[long]; taken {
			return b.errorf(at, "%s becomes %s, and so does a name in %s", name, long, b.fset.Position(other))
		}
		b.owner[long] = at
	}
	return nil
}

// prefixed is the name in the bundle: samerunMix for Mix and for mix.
func prefixed(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return prefix + string(unicode.ToUpper(first)) + name[size:]
}

// change is new text for a part of a file.
type change struct {
	from, to int // offsets
	text     string
}

// rewrite returns the text of a file as one of the bundle.
func (b *bundler) rewrite(pkg *types.Package, info *types.Info, s source) (string, error) {
	var changes []change
	replace := func(from, to token.Pos, text string) {
		changes = append(changes, change{b.fset.Position(from).Offset, b.fset.Position(to).Offset, text})
	}
	replace(s.syntax.Name.Pos(), s.syntax.Name.End(), path.Base(b.into))
	b.dropImports(s, replace)
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				if used, ok := info.Uses[id].(*types.PkgName); ok && b.checked[used.Imported().Path()] != nil {
					replace(n.Pos(), n.End(), prefixed(n.Sel.Name))
					return false
				}
			}
		case *ast.Ident:
			if name, ok := renamed(pkg, info, n); ok {
				replace(n.Pos(), n.End(), name)
			}
		}
		return true
	})
	b.renameComments(pkg, s, replace)

	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.from, b.from) })
	var out bytes.Buffer
	done := 0
	for _, c := range changes {
		out.Write(s.text[done:c.from])
		out.WriteString(c.text)
		done = c.to
	}
	out.Write(s.text[done:])
	text, err := format.Source(out.Bytes())
	if err != nil {
		return "", fmt.Errorf("%s: %w", s.name, err)
	}
	return string(text), nil
}

// renamed returns the name that an identifier has in the bundle, if that is another
// one: it is, where it means something that the package declares, or a field that
// is embedded and has its name from that.
func renamed(pkg *types.Package, info *types.Info, id *ast.Ident) (string, bool) {
	object := info.Uses[id]
	if object == nil {
		object = info.Defs[id]
	}
	if object == nil || object.Pkg() != pkg || id.Name == "_" || id.Name == "init" {
		return "", false
	}
	if field, ok := object.(*types.Var); ok && field.IsField() {
		_, ours := pkg.Scope().Lookup(field.Name()).(*types.TypeName)
		return prefixed(id.Name), ours && field.Embedded()
	}
	return prefixed(id.Name), object.Parent() == pkg.Scope()
}

// dropImports takes out the imports of other leaves.
func (b *bundler) dropImports(s source, replace func(from, to token.Pos, text string)) {
	for _, d := range s.syntax.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.IMPORT {
			continue
		}
		var drop []*ast.ImportSpec
		for _, spec := range group.Specs {
			spec := spec.(*ast.ImportSpec)
			if name, _ := strconv.Unquote(spec.Path.Value); b.checked[name] != nil {
				drop = append(drop, spec)
			}
		}
		if len(drop) == len(group.Specs) {
			replace(group.Pos(), group.End(), "")
			continue
		}
		for _, spec := range drop {
			replace(spec.Pos(), spec.End(), "")
		}
	}
}

// renameComments changes the names that stand in //go:linkname, and at the begin of
// the comment of what they name.
func (b *bundler) renameComments(pkg *types.Package, s source, replace func(from, to token.Pos, text string)) {
	rename := func(c *ast.Comment, begin string) {
		rest, ok := strings.CutPrefix(c.Text, begin)
		name, _, _ := strings.Cut(rest, " ")
		if ok && pkg.Scope().Lookup(name) != nil {
			from := c.Pos() + token.Pos(len(begin))
			replace(from, from+token.Pos(len(name)), prefixed(name))
		}
	}
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		var doc *ast.CommentGroup
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil {
				doc = n.Doc
			}
		case *ast.GenDecl:
			doc = n.Doc
		case *ast.TypeSpec:
			doc = n.Doc
		case *ast.ValueSpec:
			doc = n.Doc
		case *ast.BlockStmt:
			return false
		}
		if doc != nil {
			rename(doc.List[0], "// ")
		}
		return true
	})
	for _, group := range s.syntax.Comments {
		for _, c := range group.List {
			rename(c, "//go:linkname ")
		}
	}
}

// errorf is an error that names file and line.
func (b *bundler) errorf(at token.Pos, form string, args ...any) error {
	where := b.fset.Position(at)
	return fmt.Errorf("%s:%d: %s", path.Base(where.Filename), where.Line, fmt.Sprintf(form, args...))
}
