package linear

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

// The page of porcupine says nothing of where its history is from. samerun adds a title, a line
// with the test, the seed and what is wrong, and a row with the virtual time.

// heading is what stands above a picture. Of a history that no run is known of, all is empty.
type heading struct {
	name string // of the file, without its ending: the test and the digest
	seed string
	err  error
}

// headingOf is the heading of the picture of a run that failed.
func headingOf(path string, seed uint64, err error) heading {
	return heading{strings.TrimSuffix(filepath.Base(path), ".linear.html"), fmt.Sprint(seed), err}
}

// title is the page's, in a line.
func (h heading) title() string {
	if h.name == "" {
		return "a history of operations"
	}
	return h.name + ", seed " + h.seed
}

// The places of porcupine's page that are filled in. Another version of it may have others.
const (
	pageTitle = "<title>Porcupine</title>"
	pageBody  = "<body>"
)

// write writes the page. What is wrong is shown as text, whatever is in it.
func (h heading) write(path string, model porcupine.Model, info porcupine.LinearizationInfo) error {
	var page bytes.Buffer
	if err := porcupine.Visualize(model, info, &page); err != nil {
		return err
	}
	title := html.EscapeString(h.title())
	above := `<p style="font-family: sans-serif; margin: 44px 8px 8px"><strong>` + title + `</strong>`
	if h.err != nil {
		line, _, _ := strings.Cut(h.err.Error(), "\n")
		above += `<br>` + html.EscapeString(short(line, 300))
	}
	above += `<br>Each bar is an operation, from its call to its answer; a row is a client. Point at one for its virtual times.</p>`
	text := page.String()
	for _, place := range []struct{ old, new string }{{pageTitle, "<title>" + title + "</title>"}, {pageBody, pageBody + "\n    " + above}} {
		if !strings.Contains(text, place.old) {
			return errors.New("the page of porcupine has no " + place.old)
		}
		text = strings.Replace(text, place.old, place.new, 1)
	}
	return os.WriteFile(path, []byte(text), 0o666)
}

// mostTimes is how many marks the row of the virtual time has at most.
const mostTimes = 12

// times are marks of the virtual time at calls and answers, between two places of the history.
func times(moments []time.Duration, from, to int64) []porcupine.Annotation {
	from, to = max(from, 1), min(to, int64(len(moments)))
	step := max(1, (to-from+mostTimes)/mostTimes)
	var marks []porcupine.Annotation
	for i := from; i <= to; i += step {
		at := moments[i-1]
		marks = append(marks, porcupine.Annotation{Tag: "virtual time", Start: 2 * i, End: 2 * i, Description: at.Round(100 * time.Microsecond).String(), Details: at.String()})
	}
	return marks
}
