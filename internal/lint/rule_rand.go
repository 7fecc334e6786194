package lint

import (
	"go/ast"
	"go/token"
	"strconv"
)

// checkRand refuses the global generators, and the packages that are random by
// nature. A generator made from a seed is fine.
func checkRand(p *Package, report func(token.Pos, string)) {
	p.inspect(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.ImportSpec:
			path, _ := strconv.Unquote(n.Path.Value)
			if path == "crypto/rand" || path == "hash/maphash" {
				report(n.Pos(), "package "+path+" gives other values in each process; draw from a key with internal/keyed")
			}
		case *ast.Ident:
			path, name := p.packageFunc(n)
			if path != "math/rand" && path != "math/rand/v2" {
				return
			}
			switch name {
			case "New", "NewSource", "NewPCG", "NewChaCha8", "NewZipf":
			default:
				report(n.Pos(), path+"."+name+" draws from the global generator; draw from a key with internal/keyed")
			}
		}
	})
}
