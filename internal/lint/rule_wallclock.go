package lint

import (
	"go/ast"
	"go/token"
	"strings"
)

// wallClock has the functions that read or wait for real time, by package.
func wallClock(path, name string) bool {
	switch path {
	case "time":
		switch name {
		case "Now", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Since", "Until":
			return true
		}
	case "context":
		return strings.HasPrefix(name, "WithTimeout") || strings.HasPrefix(name, "WithDeadline")
	}
	return false
}

// checkWallClock refuses real time, called or passed on as a function.
func checkWallClock(p *Package, report func(token.Pos, string)) {
	p.inspect(func(n ast.Node) {
		if id, ok := n.(*ast.Ident); ok {
			if path, name := p.packageFunc(id); wallClock(path, name) {
				report(id.Pos(), path+"."+name+": real time has no place in a run; use the clock of the world")
			}
		}
	})
}
