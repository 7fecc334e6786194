package traceview

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"samerun/internal/text"
	"samerun/internal/tracefile"
)

// Format is a form of a trace.
type Format string

// The formats.
const (
	HTML     Format = "html"
	JSONL    Format = "jsonl"
	Perfetto Format = "perfetto"
	ShiViz   Format = "shiviz"
	Mermaid  Format = "mermaid"
)

// Extension is how the names of files of a format end.
func (f Format) Extension() string {
	return map[Format]string{HTML: ".html", JSONL: ".jsonl", Perfetto: ".perfetto.json", ShiViz: ".shiviz.txt", Mermaid: ".mmd"}[f]
}

// FormatOf chooses a format: the one that is named or, if name is empty, the one as which the
// path ends; HTML if there is none either.
func FormatOf(name, path string) (Format, error) {
	switch f := Format(name); f {
	case HTML, JSONL, Perfetto, ShiViz, Mermaid:
		return f, nil
	case "":
	default:
		return "", fmt.Errorf("%s is no format: say html, jsonl, perfetto, shiviz or mermaid", text.Clip(name))
	}
	base := strings.ToLower(filepath.Base(path))
	switch filepath.Ext(base) {
	case ".html", ".htm":
		return HTML, nil
	case ".jsonl":
		return JSONL, nil
	case ".json":
		return Perfetto, nil
	case ".shiviz":
		return ShiViz, nil
	case ".mmd", ".mermaid":
		return Mermaid, nil
	}
	switch {
	case path == "":
		return HTML, nil
	case strings.HasSuffix(base, ".shiviz.txt"):
		return ShiViz, nil
	}
	return "", fmt.Errorf("%s does not say by its end what it is to be; end it with .html, .jsonl, .json, .shiviz or .mmd, or say -format", text.Clip(path))
}

// Beginning is how each file of a format begins, by which it is known as one of ours.
func (f Format) Beginning() string {
	return map[Format]string{
		HTML: pageBeginning, JSONL: `{"format":"` + tracefile.Format + `"`, Perfetto: perfettoBeginning, ShiViz: shivizBeginning, Mermaid: mermaidBeginning,
	}[f]
}

// Formats are all formats.
func Formats() []Format { return []Format{HTML, JSONL, Perfetto, ShiViz, Mermaid} }

// Write writes a trace in a format.
func Write(w io.Writer, f Format, t *tracefile.Trace) error {
	switch f {
	case HTML:
		return Page(w, t)
	case JSONL:
		return t.Write(w)
	case Perfetto:
		return writePerfetto(w, t)
	case ShiViz:
		return writeShiViz(w, t)
	}
	return writeMermaid(w, t)
}
