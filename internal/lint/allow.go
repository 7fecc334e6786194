package lint

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

// allowForm is an exception as it must be written.
var allowForm = regexp.MustCompile(`^//samerun:allow ([a-z]+):(.*)$`)

// allowLike is a comment that was meant to be one.
var allowLike = regexp.MustCompile(`^//\s*samerun:`)

// applyAllows drops the problems that exceptions in the comments exempt and adds
// those of the exceptions themselves. Exceptions to rules that are not applied are not
// looked at.
func applyAllows(p *Package, problems []Problem, names []string) []Problem {
	var own []Problem
	for _, file := range p.Files {
		for _, group := range file.Comments {
			for _, c := range group.List {
				if !allowLike.MatchString(c.Text) {
					continue
				}
				var message string
				if problems, message = applyAllow(p, c, problems, names); message != "" {
					own = append(own, Problem{p.Fset.Position(c.Pos()), "allow", message})
				}
			}
		}
	}
	return append(problems, own...)
}

// applyAllow drops what the comment exempts, or says what is wrong with it.
func applyAllow(p *Package, c *ast.Comment, problems []Problem, names []string) (left []Problem, message string) {
	m := allowForm.FindStringSubmatch(c.Text)
	if m == nil {
		return problems, "an exception is written //samerun:allow <rule>: <why>, without blanks before the rule's colon or behind //"
	}
	name, why := m[1], strings.TrimSpace(m[2])
	if !slices.ContainsFunc(rules(), func(r rule) bool { return r.name == name }) {
		return problems, fmt.Sprintf("there is no rule %q", name)
	}
	if !applies(name, names) {
		return problems, ""
	}
	if why == "" {
		return problems, "the exception gives no reason; say behind the colon why it is safe"
	}
	file, first, last := p.exempts(c)
	left = slices.DeleteFunc(slices.Clone(problems), func(q Problem) bool {
		return q.Rule == name && q.Pos.Filename == file && first <= q.Pos.Line && q.Pos.Line <= last
	})
	if len(left) == len(problems) {
		return problems, fmt.Sprintf("this exempts nothing, what begins on line %d has no problem of rule %s; remove it", first, name)
	}
	return left, ""
}

// exempts returns the lines that an exception is about: its own if it stands
// behind code, else the next one that is not a comment, and with it the whole
// declaration if one begins there, or the whole file if that is its package clause.
func (p *Package) exempts(c *ast.Comment) (file string, first, last int) {
	pos := p.Fset.Position(c.Pos())
	lines := strings.Split(string(p.Source[pos.Filename]), "\n")
	text := func(n int) string { return strings.TrimSpace(lines[n-1]) }
	if !strings.HasPrefix(text(pos.Line), "//") {
		return pos.Filename, pos.Line, pos.Line
	}
	first = pos.Line + 1
	for first < len(lines) && strings.HasPrefix(text(first), "//") {
		first++
	}
	last = first
	if strings.HasPrefix(text(first), "package ") {
		return pos.Filename, first, len(lines)
	}
	p.inspect(func(n ast.Node) {
		switch n.(type) {
		case *ast.FuncDecl, *ast.GenDecl, *ast.ValueSpec, *ast.TypeSpec:
			if at := p.Fset.Position(n.Pos()); at.Filename == pos.Filename && at.Line == first {
				last = max(last, p.Fset.Position(n.End()).Line)
			}
		}
	})
	return pos.Filename, first, last
}
