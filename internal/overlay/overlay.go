package overlay

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"samerun/internal/overlay/edit"
)

// Toolchain is a Go installation.
type Toolchain struct {
	GOROOT  string // absolute
	Version string // as go env GOVERSION gives it, such as go1.26.8
	// Linked says that GOROOT is a link to a toolchain that the go command has
	// downloaded, which only builds with an overlay if it is called by that link.
	Linked bool
}

// Build makes the overlay for a toolchain below the folder cache, unless it is
// there already, and returns the name of the file for -overlay. The error says
// in one sentence why this toolchain cannot be used; nothing is left half-made.
func Build(tc Toolchain, cache string) (string, error) {
	list, _, err := Prepare(tc, cache)
	return list, err
}

// Prepare is Build, and reports whether the overlay was there already.
func Prepare(tc Toolchain, cache string) (list string, found bool, err error) {
	parts, err := tc.parts()
	if err != nil {
		return "", false, err
	}
	files := parts.files()
	dir := filepath.Join(cache, strings.ReplaceAll(tc.Version, " ", "_")+"-"+fingerprint(tc.GOROOT, files))
	list = filepath.Join(dir, "overlay.json")
	if _, err := os.Stat(dir); err == nil {
		if err := mend(tc.GOROOT, dir, files); err != nil {
			return "", false, fmt.Errorf("the overlay for %s in %s is damaged and cannot be mended: %w", tc.Version, dir, err)
		}
		return list, true, nil
	}
	if err := write(tc.GOROOT, cache, dir, files); err != nil {
		return "", false, fmt.Errorf("the overlay for %s cannot be written below %s: %w", tc.Version, cache, err)
	}
	return list, false, nil
}

// Versions says which versions of Go are supported.
func Versions() string { return fmt.Sprintf("Go 1.%d to 1.%d", oldest, newest) }

// The versions that Build knows.
const oldest, newest = 25, 27

// minor returns 26 for go1.26.8.
func (tc Toolchain) minor() (int, error) {
	rest, ok := strings.CutPrefix(tc.Version, "go1.")
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(rest)
	}
	n, err := strconv.Atoi(rest[:end])
	if !ok || err != nil {
		return 0, fmt.Errorf("the Go version %q is not understood; samerun runs unmodified tests with Go 1.%d to 1.%d", tc.Version, oldest, newest)
	}
	if n < oldest || n > newest {
		return 0, fmt.Errorf("%s is not supported for unmodified tests, use Go 1.%d to 1.%d (such as GOTOOLCHAIN=go1.26.8)", tc.Version, oldest, newest)
	}
	return n, nil
}

// file is one file of the overlay.
type file struct {
	name string // below GOROOT/src
	text string
}

// parts is what an overlay is made of.
type parts struct {
	minor   int
	changed []*edit.Result // sorted
	ours    []file         // sorted
}

// parts makes them for the toolchain. The error says in one sentence why it cannot be
// used.
func (tc Toolchain) parts() (*parts, error) {
	minor, err := tc.minor()
	if err != nil {
		return nil, err
	}
	p := &parts{minor: minor}
	if p.changed, err = tc.changed(minor, Places()); err != nil {
		return nil, fmt.Errorf("%w, so samerun cannot run unmodified tests with it", err)
	}
	if p.ours, err = own(); err != nil {
		return nil, err
	}
	more, err := bundled()
	if err != nil {
		return nil, err
	}
	p.ours = append(p.ours, more...)
	slices.SortFunc(p.ours, byName)
	return p, nil
}

// files returns all files, sorted.
func (p *parts) files() []file {
	all := slices.Clone(p.ours)
	for _, r := range p.changed {
		all = append(all, file{r.File, r.After})
	}
	slices.SortFunc(all, byName)
	return all
}

func byName(a, b file) int { return cmp.Compare(a.name, b.name) }

// fingerprint is equal for equal overlays of one GOROOT: it stands for the
// version of this tool as well.
func fingerprint(goroot string, files []file) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q", goroot)
	for _, f := range files {
		fmt.Fprintf(h, "%q%q", f.name, f.text)
	}
	return fmt.Sprintf("%016x", h.Sum64())
}
