package gocmd

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"

	"samerun/internal/text"
)

// notRequired is what the go command says when a package imports one of samerun's and
// the module was not told where that is.
var notRequired = regexp.MustCompile(`(?m)(package samerun(/\S+)? is not in std|no required module provides package samerun[/;:]|` +
	`cannot find (module providing )?package "?samerun[/":]|malformed module path "samerun[/"])`)

// noModule is what the go command says of a tree that has no go.mod.
var noModule = regexp.MustCompile(`go\.mod file not found in current directory or any parent|cannot find main module`)

// withInstall adds to the output of a go command what helps a module that cannot
// import samerun (docs/install.md), and a tree that is no module.
func withInstall(output string) string {
	if noModule.MatchString(output) {
		return output + "\n\nA tree without go.mod runs as it does with go test: set GO111MODULE=off, and GOPATH to the folder that has its src if\n" +
			"that is where its imports lead; imports such as \"../labrpc\" need no GOPATH."
	}
	if !notRequired.MatchString(output) {
		return output
	}
	return output + "\n\nThe module does not know yet where samerun is. In the module's folder:\n\n" +
		"    go mod edit -require=samerun@v0.0.0 -replace=samerun=" + text.ShellQuote(sourceFolder()) + "\n" +
		"    go mod tidy\n" +
		"    go run samerun/cmd/samerun test ./...\n\n" +
		"docs/install.md of samerun tells of go.work as well."
}

// sourceFolder is where the source of this program lies, or lay when it was built.
func sourceFolder() string {
	_, file, _, _ := runtime.Caller(0)
	root := filepath.Dir(filepath.Dir(filepath.Dir(file)))
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil || !filepath.IsAbs(root) {
		return "/path/to/samerun" // built with -trimpath, or moved since
	}
	return root
}
