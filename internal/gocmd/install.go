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

// withInstall adds to the output of a go command what helps a module that cannot
// import samerun (docs/install.md).
func withInstall(output string) string {
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
