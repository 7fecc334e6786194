package lint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Package is a package that was parsed and type-checked, without its tests.
type Package struct {
	Path   string // import path
	Module string // path of the module it belongs to
	Fset   *token.FileSet
	Files  []*ast.File
	Source map[string][]byte // text of each file, by the name that Fset has
	Types  *types.Package
	Info   *types.Info
	Errors []error // of the type check; the rules work with what is known
}

// listed is the part of the output of go list that matters here.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	ImportMap               map[string]string
	DepOnly                 bool
	Module                  *struct {
		Path string
		Main bool
	}
	Error *struct{ Err string }
}

// Load reads the packages that the patterns name, as seen from dir, in the build
// configuration of this machine. Packages of the same module are type-checked
// from their source; the compiler's export data stands for all others. File names
// in positions are relative to dir.
func Load(dir string, patterns ...string) ([]*Package, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	list, err := goList(dir, patterns)
	if err != nil {
		return nil, err
	}
	l := &loader{
		dir:     dir,
		fset:    token.NewFileSet(),
		exports: make(map[string]string),
		checked: make(map[string]*types.Package),
	}
	for _, p := range list {
		l.exports[p.ImportPath] = p.Export
	}
	l.gc = importer.ForCompiler(l.fset, "gc", l.openExport)
	var packages []*Package
	// The list has dependencies before the packages that need them.
	for _, p := range list {
		// A package that does not compile still has files to check.
		if p.Error != nil && len(p.GoFiles) == 0 && !p.DepOnly {
			return nil, fmt.Errorf("package %s cannot be loaded: %s", p.ImportPath, p.Error.Err)
		}
		if p.Module == nil || !p.Module.Main {
			continue
		}
		checked, err := l.check(p)
		if err != nil {
			return nil, err
		}
		if !p.DepOnly {
			packages = append(packages, checked)
		}
	}
	return packages, nil
}

// goList lists the packages and all they depend on.
func goList(dir string, patterns []string) ([]listed, error) {
	args := []string{"list", "-e", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles,ImportMap,DepOnly,Module,Error", "--"}
	cmd := exec.Command("go", append(args, patterns...)...)
	cmd.Dir = dir
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, strings.TrimSpace(errOut.String()))
	}
	var list []listed
	for dec := json.NewDecoder(&out); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, fmt.Errorf("the output of go list cannot be read: %w", err)
		}
		list = append(list, p)
	}
}

// loader type-checks packages in the order of their dependencies.
type loader struct {
	dir     string
	fset    *token.FileSet
	exports map[string]string         // export file by import path
	checked map[string]*types.Package // those checked from source
	gc      types.Importer
}

func (l *loader) openExport(path string) (io.ReadCloser, error) {
	file := l.exports[path]
	if file == "" {
		return nil, fmt.Errorf("there is no export data for %s", path)
	}
	return os.Open(file)
}

// Import prefers what was checked from source, so that a type has one identity.
func (l *loader) Import(path string) (*types.Package, error) {
	if p := l.checked[path]; p != nil {
		return p, nil
	}
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	return l.gc.Import(path)
}

// check parses and type-checks one package.
func (l *loader) check(p listed) (*Package, error) {
	pkg := &Package{
		Path: p.ImportPath, Module: p.Module.Path, Fset: l.fset,
		Source: make(map[string][]byte),
		Info: &types.Info{
			Types:      make(map[ast.Expr]types.TypeAndValue),
			Defs:       make(map[*ast.Ident]types.Object),
			Uses:       make(map[*ast.Ident]types.Object),
			Selections: make(map[*ast.SelectorExpr]*types.Selection),
		},
	}
	for _, name := range p.GoFiles {
		text, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			return nil, err
		}
		shown := filepath.Join(p.Dir, name)
		if rel, err := filepath.Rel(l.dir, shown); err == nil {
			shown = filepath.ToSlash(rel)
		}
		file, err := parser.ParseFile(l.fset, shown, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		pkg.Files = append(pkg.Files, file)
		pkg.Source[shown] = text
	}
	conf := types.Config{
		Importer: l,
		Error:    func(err error) { pkg.Errors = append(pkg.Errors, err) },
	}
	// The error is the first of pkg.Errors.
	pkg.Types, _ = conf.Check(p.ImportPath, l.fset, pkg.Files, pkg.Info)
	l.checked[p.ImportPath] = pkg.Types
	return pkg, nil
}
