package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// kernel is one program with a bug: a package of one test, in a folder of its own.
type kernel struct {
	Name     string // such as etcd7443
	Test     string // the name of its test
	Blocking bool   // goroutines wait for ever; else it is a race, or comes of one
	Source   string // "Go" or "GoBench": where it was read
	Dir      string
}

// inTree is where Go's own tree has the kernels that wait for ever.
const inTree = "src/runtime/testdata/testgoroutineleakprofile/goker"

// fromGo makes tests of the kernels of Go's tree, below a folder. They are of today's language.
func fromGo(ctx context.Context, goroot, dir string) ([]kernel, error) {
	if goroot == "" {
		out, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
		if err != nil {
			return nil, fmt.Errorf("go env GOROOT: %w", err)
		}
		goroot = strings.TrimSpace(string(out))
	}
	from := filepath.Join(goroot, filepath.FromSlash(inTree))
	names, err := filepath.Glob(filepath.Join(from, "*.go"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s has no kernels: they are in the tree of Go 1.26 and newer; name one with -goroot", from)
	}
	if err := writeModule(dir, "1.25"); err != nil {
		return nil, err
	}
	var kernels []kernel
	for _, name := range names {
		if filepath.Base(name) == "main.go" {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		k := kernel{Name: strings.TrimSuffix(filepath.Base(name), ".go"), Blocking: true, Source: "Go"}
		k.Dir = filepath.Join(dir, k.Name)
		test, text, err := convert(k.Name, src)
		if err != nil {
			return nil, err
		}
		k.Test = test
		if err := os.Mkdir(k.Dir, 0o777); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(k.Dir, k.Name+"_test.go"), text, 0o666); err != nil {
			return nil, err
		}
		kernels = append(kernels, k)
	}
	return kernels, nil
}

// fromGoBench copies the kernels of a folder like GoBench's goker: its folders blocking and
// nonblocking have the kernels in folders below. Their language is that of their time: some
// bugs are that a loop has one variable for all rounds.
func fromGoBench(folder, dir string) ([]kernel, error) {
	if err := writeModule(dir, "1.20"); err != nil {
		return nil, err
	}
	var kernels []kernel
	for _, kind := range []string{"blocking", "nonblocking"} {
		top := filepath.Join(folder, kind)
		err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") {
				return err
			}
			src, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			below, err := filepath.Rel(top, filepath.Dir(name))
			if err != nil {
				return err
			}
			k := kernel{Name: strings.ReplaceAll(filepath.ToSlash(below), "/", ""), Blocking: kind == "blocking", Source: "GoBench"}
			k.Dir = filepath.Join(dir, k.Name)
			m := testName.FindSubmatch(src)
			if m == nil {
				return fmt.Errorf("%s has no test", name)
			}
			k.Test = string(m[1])
			if err := os.Mkdir(k.Dir, 0o777); err != nil {
				return err
			}
			kernels = append(kernels, k)
			return os.WriteFile(filepath.Join(k.Dir, filepath.Base(name)), src, 0o666)
		})
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s is not there: -gobench is the folder with GoBench's folders blocking and nonblocking", top)
		}
		if err != nil {
			return nil, err
		}
	}
	return kernels, nil
}

var testName = regexp.MustCompile(`(?m)^func (Test\w+)\(\w+ \*testing\.T\)`)

// together has each kernel once: as GoBench has it, if both do.
func together(kernels []kernel) []kernel {
	slices.SortStableFunc(kernels, func(a, b kernel) int {
		if a.Blocking != b.Blocking {
			if a.Blocking {
				return -1
			}
			return 1
		}
		if a.Name != b.Name {
			return strings.Compare(a.Name, b.Name)
		}
		return -strings.Compare(a.Source, b.Source)
	})
	return slices.CompactFunc(kernels, func(a, b kernel) bool { return a.Name == b.Name })
}

// writeModule makes a folder a module of a version of the language.
func writeModule(dir, version string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module goker\n\ngo "+version+"\n"), 0o666)
}
