package lint

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
)

// Problem is one place where the code breaks a rule.
type Problem struct {
	Pos     token.Position
	Rule    string
	Message string // what is wrong and what to do, without the position
}

// String is the problem in the form file:line: rule: message.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", p.Pos.Filename, p.Pos.Line, p.Rule, p.Message)
}

// rule is a named check of one package. It calls report for each problem.
type rule struct {
	name  string
	check func(p *Package, report func(at token.Pos, message string))
}

func rules() []rule {
	return []rule{
		{"maprange", checkMapRange},
		{"float", checkFloat},
		{"wallclock", checkWallClock},
		{"rand", checkRand},
		{"goroutine", checkGoroutine},
		{"global", checkGlobal},
		{"imports", checkImports},
		{"leak", checkLeak},
		{"size", checkSize},
	}
}

// Check applies rules to the package, all of them if none is named, and returns the
// problems in the order of files and lines. One line has at most one problem of a
// rule.
func Check(p *Package, names ...string) []Problem {
	type place struct {
		file string
		line int
		rule string
	}
	seen := make(map[place]bool)
	var problems []Problem
	for _, r := range rules() {
		if !applies(r.name, names) {
			continue
		}
		r.check(p, func(at token.Pos, message string) {
			pos := p.Fset.Position(at)
			key := place{pos.Filename, pos.Line, r.name}
			if !seen[key] {
				seen[key] = true
				problems = append(problems, Problem{pos, r.name, message})
			}
		})
	}
	problems = applyAllows(p, problems, names)
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return problems
}

// applies says whether a rule is among those that are named.
func applies(rule string, names []string) bool {
	return len(names) == 0 || slices.Contains(names, rule)
}

// inspect calls f for each node of all files of the package.
func (p *Package) inspect(f func(ast.Node)) {
	for _, file := range p.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if n != nil {
				f(n)
			}
			return true
		})
	}
}
