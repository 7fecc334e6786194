package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"samerun/internal/safefile"
	"samerun/internal/text"
	"samerun/internal/tracefile"
	"samerun/internal/traceview"
)

// The files of a report, in its folder.
const (
	pageName    = "index.html"
	dataName    = "report.json"
	summaryName = "summary.md"
	tracesName  = "traces" // a folder
)

// Folder is where a report is written. Each file is there whole or not at all, and the page comes
// last: until then it is the old one, with the old traces.
type Folder struct {
	path, typed string
	traces      []string // names of those that were written
}

// Open says whether a report may be written into a folder: it is none yet, or is empty or a report.
// With force it may be another folder, in which other files stay as they are.
func Open(path, typed string, force bool) (*Folder, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(path, 0o777); err != nil {
			return nil, fmt.Errorf("-report %s: the folder cannot be made (%v); name one in a folder that takes files", typed, reason(err))
		}
	case err != nil:
		return nil, fmt.Errorf("-report %s: the folder cannot be read (%v)", typed, reason(err))
	case !info.IsDir():
		return nil, fmt.Errorf("-report %s: this is a file, and a report is a folder; name another one", typed)
	}
	list, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("-report %s: the folder cannot be read (%v)", typed, reason(err))
	}
	f := &Folder{path: path, typed: typed}
	if len(list) > 0 && !force && !f.isReport() {
		return nil, fmt.Errorf("-report %s: this folder is no report, and nothing is written into it; name another one, or say -force", typed)
	}
	if err := safefile.CanCreate(filepath.Join(path, pageName)); err != nil {
		return nil, fmt.Errorf("-report %s: %w; name a folder that takes files", typed, err)
	}
	return f, nil
}

// isReport reports whether the folder has a report.
func (f *Folder) isReport() bool {
	data, err := safefile.Read(filepath.Join(f.path, dataName), 1<<30)
	return err == nil && bytes.HasPrefix(data, []byte("{\n  \"format\": \""+Format+"\""))
}

// Page is the path of the page as the user would type it.
func (f *Folder) Page() string { return filepath.ToSlash(filepath.Join(f.typed, pageName)) }

// AddTrace writes the page of a trace, and returns its address from the page of the report.
func (f *Folder) AddTrace(t *tracefile.Trace) (string, error) {
	var b bytes.Buffer
	if err := traceview.Page(&b, t); err != nil {
		return "", err
	}
	sum := sha256.Sum256(b.Bytes())
	name := fmt.Sprintf("%s-%d-%s.html", fileName(t.Test), t.Seed, hex.EncodeToString(sum[:4]))
	dir := filepath.Join(f.path, tracesName)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	if err := f.put(filepath.Join(tracesName, name), func(w io.Writer) error { _, err := w.Write(b.Bytes()); return err }); err != nil {
		return "", err
	}
	f.traces = append(f.traces, name)
	return tracesName + "/" + name, nil
}

// fileName is a name of a test, as far as a name of a file can have it and an address need not quote it.
func fileName(test string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, test)
	return "run-" + name[:min(len(name), 80)]
}

// Write writes the report, and removes the pages of traces that an earlier one had.
func (f *Folder) Write(r *Report) error {
	r.Format, r.Version = Format, Version
	write := func(name string, fill func(w io.Writer) error) error {
		if err := f.put(name, fill); err != nil {
			return fmt.Errorf("the report cannot be written: %w", err)
		}
		return nil
	}
	if err := write(dataName, r.writeJSON); err != nil {
		return err
	}
	if err := write(summaryName, r.writeMarkdown); err != nil {
		return err
	}
	if err := write(pageName, r.writePage); err != nil {
		return err
	}
	f.sweepOut()
	return nil
}

// sweepOut removes the pages of traces that no page leads to any more. One that stays does no harm.
func (f *Folder) sweepOut() {
	dir := filepath.Join(f.path, tracesName)
	list, _ := os.ReadDir(dir)
	for _, e := range list {
		if slices.Contains(f.traces, e.Name()) || !e.Type().IsRegular() || !strings.HasPrefix(e.Name(), "run-") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if begins(path, traceview.HTML.Beginning()) {
			_ = os.Remove(path)
		}
	}
	_ = os.Remove(dir) // if it is empty
}

// begins reports whether a file begins with some words.
func begins(path, words string) bool {
	in, err := safefile.Open(path)
	if err != nil {
		return false
	}
	defer in.Close()
	have := make([]byte, len(words))
	n, _ := io.ReadFull(in, have)
	return string(have[:n]) == words
}

// put writes a file whole or not at all.
func (f *Folder) put(name string, fill func(w io.Writer) error) error {
	return safefile.Replace(filepath.Join(f.path, name), fill)
}

// writeJSON writes report.json.
func (r *Report) writeJSON(w io.Writer) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return err
	}
	_, err := w.Write(text.VisibleJSON(b.Bytes()))
	return err
}

// reason is an error without the path, which the sentence around it has.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
