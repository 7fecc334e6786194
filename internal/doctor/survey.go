package doctor

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"samerun/internal/gocmd"
)

// The kinds of suspects.
const (
	byAddress    = "address"    // an order or a text may be made of addresses
	byCollector  = "collector"  // something happens when the collector runs
	byProcessors = "processors" // asks how many processors there are
	byWorld      = "world"      // asks the operating system
	byNetwork    = "network"    // opens a socket, a pipe or a process
	byGlobal     = "global"     // changes a variable of the package
	byFolder     = "folder"     // asks for the name of a folder or file for temporary things
)

// suspect is a place in the source that can make two runs of one seed differ. It is
// found by its looks alone: that it is there proves nothing.
type suspect struct {
	kind string
	what string // "a map with pointers as keys"
	at   string // file:line, from the user's directory or, in another module, behind the import path
	pkg  string // the package, as a record names it
	in   string // the function, as a record names it: "pkg/path.(*T).Method"; empty outside of any
	own  bool   // in the module of the user
}

// String is the suspect in a few words.
func (s suspect) String() string { return s.what + " at " + s.at }

// survey is what is known of the code of a test binary without running it.
type survey struct {
	packages []string // import paths as stacks have them, without the standard library
	cgo      []string // those of them that have C code
	suspects []suspect
	vars     []variable // of packages, those of samerun itself left out
}

// of returns the suspects of some kinds, those in the functions of the frames first.
func (v *survey) of(frames []string, kinds ...string) (all []suspect) {
	for _, s := range v.suspects {
		if slices.Contains(kinds, s.kind) {
			all = append(all, s)
		}
	}
	rank := func(s suspect) int {
		i := slices.IndexFunc(frames, func(f string) bool { return s.in != "" && inFunction(f, s.in) })
		switch {
		case i >= 0:
			return i
		case slices.ContainsFunc(frames, func(f string) bool { return inFunction(f, s.pkg) }):
			return len(frames)
		case s.own:
			return len(frames) + 1
		}
		return len(frames) + 2
	}
	slices.SortStableFunc(all, func(a, b suspect) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

// inFunction reports whether a frame is in a function or in a function inside of it.
func inFunction(frame, function string) bool {
	rest, ok := strings.CutPrefix(frame, function)
	return ok && rest != "" && (rest[0] == ':' || rest[0] == '.' || rest[0] == '[')
}

// symbolPath is an import path as the names of functions have it: dots of its last
// part are escaped.
func symbolPath(path string) string {
	i := strings.LastIndex(path, "/") + 1
	return path[:i] + strings.ReplaceAll(path[i:], ".", "%2e")
}

// ours reports whether a frame is of none of the standard library's packages.
func (v *survey) ours(frame string) bool {
	return slices.ContainsFunc(v.packages, func(path string) bool { return inFunction(frame, path) })
}

// surveyFiles is how many files are read at most; those of the user's module come first.
const surveyFiles = 3000

// dependency is the part of the output of go list that matters here.
type dependency struct {
	ImportPath, Dir   string
	Standard          bool
	GoFiles, CgoFiles []string
	Module            *struct{ Main bool }
}

// own reports whether the package is in the user's module.
func (d *dependency) own() bool { return d.Module != nil && d.Module.Main }

// surveyPackage reads the source of all that the tests of a package are made of, but
// for the standard library.
func surveyPackage(ctx context.Context, by *gocmd.Caller, b *gocmd.Build, path string) (*survey, error) {
	args := append([]string{"list", "-deps", "-test", "-json=ImportPath,Dir,Standard,GoFiles,CgoFiles,Module"}, b.Flags()...)
	stdout, stderr, err := by.Go(ctx, append(args, "--", path))
	if err != nil {
		return nil, fmt.Errorf("the dependencies of %s cannot be listed: %w", path, gocmd.WithOutput(err, stderr))
	}
	var deps []dependency
	dec := json.NewDecoder(strings.NewReader(stdout))
	for {
		var d dependency
		if err := dec.Decode(&d); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("the output of go list cannot be read: %w", err)
		}
		// Behind a blank stands the test that a package was compiled for.
		d.ImportPath, _, _ = strings.Cut(d.ImportPath, " ")
		if !d.Standard && !strings.HasSuffix(d.ImportPath, ".test") {
			deps = append(deps, d)
		}
	}
	slices.SortStableFunc(deps, func(a, b dependency) int {
		switch {
		case a.own() == b.own():
			return 0
		case a.own():
			return -1
		}
		return 1
	})
	v := &survey{}
	read := make(map[string]bool)
	for _, d := range deps {
		path := symbolPath(d.ImportPath)
		if !slices.Contains(v.packages, path) {
			v.packages = append(v.packages, path)
		}
		if len(d.CgoFiles) > 0 && !slices.Contains(v.cgo, path) {
			v.cgo = append(v.cgo, path)
		}
		for _, name := range append(d.GoFiles, d.CgoFiles...) {
			file := filepath.Join(d.Dir, name)
			if read[file] || len(read) >= surveyFiles || filepath.IsAbs(name) {
				continue
			}
			read[file] = true
			if err := v.readFile(file, by.Dir, path, d.own()); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// readFile looks for suspects in a file. One that does not parse has none: the
// compiler says what is wrong with it.
func (v *survey) readFile(file, dir, path string, own bool) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("a source file cannot be read: %w", err)
	}
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, file, data, 0)
	if err != nil {
		return nil
	}
	name := path + "/" + filepath.Base(file)
	if rel, err := filepath.Rel(dir, file); err == nil && own {
		name = filepath.ToSlash(rel)
	}
	s := &sourceReader{survey: v, fset: fset, name: name, path: path, own: own, imports: importNames(tree), first: len(v.suspects)}
	for _, decl := range tree.Decls {
		s.variables(decl)
		s.decl, s.function = decl, ""
		if f, ok := decl.(*ast.FuncDecl); ok {
			if strings.HasSuffix(name, "_test.go") && notATest.MatchString(f.Name.Name) {
				continue
			}
			s.function = functionName(f)
			s.early = f.Recv == nil && (f.Name.Name == "init" || f.Name.Name == "TestMain")
		} else {
			s.early = true
		}
		ast.Inspect(decl, s.look)
	}
	return nil
}

// notATest is the name of what package testing runs besides tests, which the doctor does not.
var notATest = regexp.MustCompile(`^(Benchmark|Fuzz|Example)`)

// importNames returns the import path of each name that a file imports.
func importNames(tree *ast.File) map[string]string {
	names := make(map[string]string)
	for _, spec := range tree.Imports {
		path := strings.Trim(spec.Path.Value, "`\"")
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = path
	}
	return names
}

// functionName is the name of a function as stacks have it, without its package.
func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	t := f.Recv.List[0].Type
	star := false
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			star, t = true, x.X
			continue
		case *ast.IndexExpr:
			t = x.X
			continue
		case *ast.IndexListExpr:
			t = x.X
			continue
		case *ast.ParenExpr:
			t = x.X
			continue
		case *ast.Ident:
			if star {
				return "(*" + x.Name + ")." + f.Name.Name
			}
			return x.Name + "." + f.Name.Name
		}
		return f.Name.Name
	}
}
