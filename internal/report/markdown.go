package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"samerun/internal/text"
)

// mostStory is how many lines of a story the summary has: the page has them all.
const mostStory = 40

// writeMarkdown writes summary.md, in GitHub's dialect.
func (r *Report) writeMarkdown(w io.Writer) error {
	out := bufio.NewWriter(w)
	mark := "✅"
	if !r.OK {
		mark = "❌"
	}
	fmt.Fprintf(out, "## %s samerun\n\n%s\n\n", mark, escapeMarkdown(r.Summary))
	t := &r.Totals
	fmt.Fprintf(out, "| runs | failed | different | virtual time | %ss per second |\n| ---: | ---: | ---: | ---: | ---: |\n| %d | %d | %d | %s | %s |\n\n", r.Unit(), t.Runs, t.Failed, t.Different, t.Hours(), t.Rate())
	for i := range r.Failures {
		f := &r.Failures[i]
		fmt.Fprintf(out, "### %s\n\n", escapeMarkdown(f.Head))
		fmt.Fprintf(out, "%s", escapeMarkdown(f.Label))
		if where := f.Where(); where != "" {
			fmt.Fprintf(out, ", %s", where)
		}
		fmt.Fprintf(out, "; %s failed like this", countRuns(f.Runs))
		if f.Minimised != nil {
			fmt.Fprintf(out, "; %s", escapeMarkdown(f.Minimised.Words))
		}
		out.WriteString("\n\n<details><summary>Story</summary>\n\n")
		writeFenced(out, clipped(visible(f.Story)))
		out.WriteString("\n</details>\n\n")
		writeFenced(out, text.Line(f.Again))
		out.WriteString("\n")
	}
	for _, n := range r.NotRun {
		fmt.Fprintf(out, "### %s could not be run\n\n", escapeMarkdown(n.Package))
		writeFenced(out, clipped(visible(n.Why)))
		out.WriteString("\n")
	}
	if len(r.Tests) > 0 {
		out.WriteString("| test | | runs | failed | different | real time, 50 % / 99 % | virtual time, 50 % / 99 % | states | Sometimes |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	}
	for i := range r.Tests {
		t := &r.Tests[i]
		met, all := t.sometimes()
		fmt.Fprintf(out, "| %s | %s | %d | %d | %d | %s / %s | %s / %s | %d | %d of %d |\n", escapeMarkdown(t.Label), t.State(), t.Runs, t.Failed, t.Different, nanos(t.Wall.P50), nanos(t.Wall.P99), nanos(t.Virtual.P50), nanos(t.Virtual.P99), t.States, met, all)
	}
	first := true
	for i := range r.Tests {
		for _, never := range r.Tests[i].Never {
			if first {
				out.WriteString("\nNever reached:\n\n")
				first = false
			}
			fmt.Fprintf(out, "- %s: %s\n", escapeMarkdown(r.Tests[i].Label), escapeMarkdown(never))
		}
	}
	return out.Flush()
}

// sometimes is how many Sometimes came true, of how many.
func (t *Test) sometimes() (met, all int) {
	for i := range t.Properties {
		if p := &t.Properties[i]; p.Kind == "sometimes" {
			all++
			if p.Met > 0 {
				met++
			}
		}
	}
	return met, all
}

// clipped is the first lines of a text.
func clipped(s string) string {
	lines := strings.Split(s, "\n")
	if len(lines) <= mostStory {
		return s
	}
	return strings.Join(lines[:mostStory], "\n") + fmt.Sprintf("\n... %s more in the report", text.Count(len(lines)-mostStory, "line"))
}

// writeFenced writes a block that no line of the text can end.
func writeFenced(out *bufio.Writer, s string) {
	longest, run := 0, 0
	for _, c := range s {
		if c == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	fence := strings.Repeat("`", max(3, longest+1))
	out.WriteString(fence + "text\n" + s + "\n" + fence + "\n")
}

// escapeMarkdown is a text in one line that means nothing but itself.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, c := range text.Line(s) {
		switch {
		case strings.ContainsRune("\\`*_{}[]()#+!|~$@", c):
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '&':
			b.WriteString("&amp;")
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
