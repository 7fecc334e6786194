package gocmd

import (
	"context"
	"slices"
	"strings"
)

const (
	// simPath is the package by which simulation tests are known.
	simPath = "samerun/sim"
	// labrpcPath is a package for both, which needs simPath for worlds: a test that comes
	// to simPath by it alone may be ordinary Go, such as that of a lab of MIT's course.
	labrpcPath = "samerun/labrpc"
)

// markSimulating says of each package whether its tests use simPath: whether there is a
// way of imports to it that does not lead through labrpcPath.
func (c *Caller) markSimulating(ctx context.Context, b *Build, pkgs []*Package, tests map[string]*listedPackage) error {
	var unclear []*Package
	for _, p := range pkgs {
		if test := tests[p.Path]; test != nil && slices.Contains(test.Deps, simPath) {
			p.Simulates = true
			if slices.Contains(test.Deps, labrpcPath) && p.Unready == nil {
				unclear = append(unclear, p)
			}
		}
	}
	if len(unclear) == 0 {
		return nil
	}
	patterns := make([]string, len(unclear))
	for i, p := range unclear {
		patterns[i] = c.GoArg(p)
	}
	all, err := c.list(ctx, b, patterns, "-deps")
	if err != nil {
		return err
	}
	imports := make(map[string][]string, len(all))
	for _, p := range all {
		imports[p.ImportPath] = p.Imports
	}
	for _, p := range unclear {
		p.Simulates = reaches(imports, p.Path)
	}
	return nil
}

// reaches says whether the tests of a package come to simPath.
func reaches(imports map[string][]string, pkg string) bool {
	seen := make(map[string]bool)
	var visit func(path string) bool
	visit = func(path string) bool {
		if seen[path] {
			return false
		}
		seen[path] = true
		// What is built anew for these tests has their name behind its own.
		switch plain, _, _ := strings.Cut(path, " ["); plain {
		case simPath:
			return true
		case labrpcPath:
			if pkg != labrpcPath {
				return false
			}
		}
		return slices.ContainsFunc(imports[path], visit)
	}
	return visit(pkg + ".test")
}
