package report

import (
	_ "embed" // the page
	"html/template"
	"io"

	"samerun/internal/text"
)

const pageBeginning = "<!DOCTYPE html>\n<!-- samerun report -->\n"

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

// page has no script, and its policy allows none: what a program has said is text in it.
var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"visible": visible, "line": text.Line, "nanos": nanos, "grouped": func(n uint64) string { return grouped(int64(min(n, 1<<62))) },
	"runs": countRuns, "number": func(n int) string { return grouped(int64(n)) },
	"style": func() template.CSS { return template.CSS(pageStyle) },
}).Parse(pageText))

// writePage writes index.html.
func (r *Report) writePage(w io.Writer) error {
	if _, err := io.WriteString(w, pageBeginning); err != nil {
		return err
	}
	return page.Execute(w, r)
}
