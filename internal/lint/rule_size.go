package lint

import (
	"bytes"
	"fmt"
	"go/token"
)

// maxLines is the length up to which a file may grow.
const maxLines = 600

// checkSize refuses long files. The problem stands at the package clause, so an
// exception has its place above it.
func checkSize(p *Package, report func(token.Pos, string)) {
	for _, file := range p.Files {
		name := p.Fset.Position(file.Pos()).Filename
		if n := bytes.Count(p.Source[name], []byte("\n")); n > maxLines {
			report(file.Package, fmt.Sprintf("the file has %d lines, more than %d; one idea a file", n, maxLines))
		}
	}
}
