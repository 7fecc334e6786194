package sim

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"samerun/internal/gomod"
	"samerun/internal/text"
)

// command is the one line that runs a test again, from the module's root. env
// stands in front of it.
func (s *evidence) command(env string) string {
	// Names of subtests may hold the quote that the shell ends a string with.
	return env + " go test" + s.flags + " -run " + text.AlwaysShellQuote(text.TestPattern(s.test)) + " " + text.ShellQuote(packageDir())
}

// buildFlags are the flags of go test that this program was built with and that
// decide what code it has.
func buildFlags() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	flags := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "-race" && s.Value == "true":
			flags += " -race"
		case s.Key == "-tags" && s.Value != "":
			flags += " -tags " + text.ShellQuote(s.Value)
		}
	}
	return flags
}

// moduleRoot is the folder of the module under test, and the folder of the
// package as seen from there. Tests run in their package's folder.
func moduleRoot() (root, pkg string) {
	dir, err := os.Getwd()
	if err != nil {
		return ".", "."
	}
	if root = gomod.Root(dir); root == "" {
		return dir, "."
	}
	rel, err := filepath.Rel(root, dir)
	if err != nil || rel == "." {
		return root, "."
	}
	return root, "./" + filepath.ToSlash(rel)
}

// packageDir is the folder of the package under test from its module's root.
func packageDir() string {
	_, pkg := moduleRoot()
	return pkg
}

// fromRoot turns a path as the test sees it into one from the module's root,
// where people type. A path that leads out of the module stays as it is.
func fromRoot(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return strings.TrimPrefix(filepath.ToSlash(filepath.Join(packageDir(), path)), "./")
}
