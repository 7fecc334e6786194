package traceview

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"strconv"

	"samerun/internal/tracefile"
)

const pageBeginning = "<!DOCTYPE html>\n<!-- samerun trace -->\n"

//go:embed page.html
var pageBody string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// Page writes one page that shows a trace, or two beside each other. It loads nothing, and its
// policy forbids whatever else a payload might try: only the script of this package runs.
func Page(w io.Writer, traces ...*tracefile.Trace) error {
	out := bufio.NewWriterSize(w, 1<<16)
	sum := sha256.Sum256([]byte(pageScript))
	title := "samerun"
	if len(traces) > 0 {
		title = traces[0].Test + ", seed " + strconv.FormatUint(traces[0].Seed, 10) + " – samerun"
	}
	out.WriteString(pageBeginning + "<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
	out.WriteString(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-` + base64.StdEncoding.EncodeToString(sum[:]) + `'">` + "\n")
	out.WriteString(`<meta name="viewport" content="width=device-width, initial-scale=1"><title>` + html.EscapeString(title) + "</title>\n<style>" + pageStyle + "</style></head>\n<body>\n" + pageBody)
	for _, t := range traces {
		head, err := json.Marshal(&t.Header)
		if err != nil {
			return err
		}
		// JSON as package json writes it has no < in it, so that nothing ends the element.
		out.WriteString(`<script type="application/json" class="trace">{"header":`)
		out.Write(head)
		out.WriteString(`,"events":[`)
		var line []byte
		for i := range t.Events {
			line = line[:0]
			if i > 0 {
				line = append(line, ",\n"...)
			}
			line = t.Events[i].AppendJSON(line)
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
		out.WriteString("]}</script>\n")
	}
	out.WriteString("<script>" + pageScript + "</script>\n</body></html>\n")
	return out.Flush()
}
