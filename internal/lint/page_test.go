package lint

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Code in a page has brackets of its own.
var pageCode = regexp.MustCompile("(?s)```.*?```|`[^`\\n]*`")

var pageLink = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)

// The page that a newcomer reads first names each package, and no page has a link that
// leads nowhere.
func TestPages(t *testing.T) {
	root := filepath.Join("..", "..")
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(pages) < 10 {
		t.Fatalf("there are %d pages, %v", len(pages), err)
	}
	linked := make(map[string]bool) // folders that the page of the architecture links to
	for _, page := range append(pages, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pageLink.FindAllStringSubmatch(pageCode.ReplaceAllString(string(text), ""), -1) {
			to := filepath.Join(filepath.Dir(page), filepath.FromSlash(m[1]))
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s has a link to %s, which is not there", filepath.Base(page), m[1])
			}
			if rel, err := filepath.Rel(root, to); err == nil && filepath.Base(page) == "architecture.md" {
				linked[filepath.ToSlash(rel)] = true
			}
		}
	}
	for _, layer := range layers() {
		for _, pkg := range layer {
			// A package below another one is told of there.
			if !linked[pkg] && !strings.HasPrefix(pkg, "examples/") && !strings.HasPrefix(pkg, "internal/overlay/") && pkg != "internal/mutate/cmd" {
				t.Errorf("docs/architecture.md does not name %s", pkg)
			}
		}
	}
}
