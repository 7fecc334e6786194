// Package overlay makes a Go toolchain run ordinary tests under a seed.
//
// The go command can read files of the standard library from elsewhere for one
// build (go test -overlay). Build makes such files from the user's own GOROOT: a
// few lines change at anchors, each of which must occur so often and no more, and files
// of ours join the packages runtime, testing and net. No Go source is shipped, and
// nothing in GOROOT is touched.
//
// With SAMERUN_SEED set, a test binary built so runs each top-level test in a
// bubble of testing/synctest, in which one goroutine runs at a time. Which one is
// next, the order of select, of timers due at one instant and of maps, and every
// random number are functions of the seed. Without it, the binary behaves as if
// built without the overlay. docs/unmodified.md tells what is exact and what is not.
//
// The changes are in edits.go, each group with its reason; what they call is in
// the folder src, one idea a file:
//
//   - runtime_turn.go.txt: who has the turn, who is held back, how it passes on
//   - runtime_point.go.txt: where a program that need not wait can lose its turn
//   - runtime_pool.go.txt: sync.Pool; runtime_procs.go.txt: GOMAXPROCS
//   - runtime_pick.go.txt: the strategies that pick the next one
//   - runtime_random.go.txt: the streams of random words, the order of timers
//   - runtime_bubble.go.txt: the begin and end of a bubble
//   - runtime_report.go.txt: what a dying process says; for the watchdog
//   - runtime_clock.go.txt: the clock outside of the tests
//   - runtime_config.go.txt: the settings in the environment
//   - runtime_record.go.txt: the record of turns and draws
//   - runtime_deviate.go.txt: runs as deviations from the calm one, and their replay
//   - runtime_pointer.go.txt: the hashes of pointers that are keys of maps
//   - net_hooks.go.txt: what package net does for the sockets of a test's network;
//     net_socket.go.txt, net_address.go.txt, net_open.go.txt, net_stream.go.txt,
//     net_packet.go.txt, net_raw.go.txt and net_unix.go.txt: that network;
//     runtime_network.go.txt: how long things are on their way
//   - testing_record.go.txt: opens and reads records
//   - testing_tests.go.txt: a bubble for each test, deadlocks, the watchdog
package overlay

import (
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

//go:embed src/*.go.txt
var ours embed.FS

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
	minor, err := tc.minor()
	if err != nil {
		return "", false, err
	}
	files, err := tc.files(minor)
	if err != nil {
		return "", false, err
	}
	dir := filepath.Join(cache, strings.ReplaceAll(tc.Version, " ", "_")+"-"+fingerprint(tc.GOROOT, files))
	list = filepath.Join(dir, "overlay.json")
	if _, err := os.Stat(list); err == nil {
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

// files returns the changed files and ours, sorted.
func (tc Toolchain) files(minor int) ([]file, error) {
	changed := make(map[string]string)
	for _, e := range edits() {
		if !e.of(minor) {
			continue
		}
		text, ok := changed[e.file]
		if !ok {
			data, err := os.ReadFile(filepath.Join(tc.GOROOT, "src", filepath.FromSlash(e.file)))
			if err != nil {
				return nil, fmt.Errorf("%s has no file %s in its standard library, so samerun cannot run unmodified tests with it", tc.Version, e.file)
			}
			text = string(data)
		}
		text, err := e.apply(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w, so samerun cannot run unmodified tests with it", tc.Version, err)
		}
		changed[e.file] = text
	}
	names, err := fs.Glob(ours, "src/*.go.txt")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := ours.ReadFile(name)
		if err != nil {
			return nil, err
		}
		pkg, base, _ := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(name, ".txt"), "src/"), "_")
		changed[pkg+"/samerun_"+base] = string(text)
	}
	var all []file
	for name, text := range changed {
		all = append(all, file{name, text})
	}
	slices.SortFunc(all, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	return all, nil
}

// of reports whether the change is one for a minor version of Go.
func (e edit) of(minor int) bool {
	return minor >= e.since && (e.until == 0 || minor <= e.until)
}

// apply makes the change.
func (e edit) apply(text string) (string, error) {
	want, words := max(e.times, 1), "once"
	if want > 1 {
		words = fmt.Sprintf("%d times", want)
	}
	n := strings.Count(text, e.anchor)
	if n != want {
		return "", fmt.Errorf("in %s the line %q occurs %d times instead of %s", e.file, firstLine(e.anchor), n, words)
	}
	return strings.Replace(text, e.anchor, strings.ReplaceAll(e.with, "{}", e.anchor), n), nil
}

// firstLine is the first line of an anchor, without blanks around it.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

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

// write makes the folder dir, all at once: another process may do the same.
func write(goroot, cache, dir string, files []file) error {
	if err := os.MkdirAll(cache, 0o777); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(cache, "new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	replace := make(map[string]string)
	for _, f := range files {
		name := filepath.FromSlash(f.name)
		if err := os.MkdirAll(filepath.Dir(filepath.Join(tmp, name)), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(tmp, name), []byte(f.text), 0o666); err != nil {
			return err
		}
		replace[filepath.Join(goroot, "src", name)] = filepath.Join(dir, name)
	}
	list, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(tmp, "overlay.json"), list, 0o666); err != nil {
		return err
	}
	if err := os.Rename(tmp, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		if _, there := os.Stat(filepath.Join(dir, "overlay.json")); there != nil {
			return err
		}
	}
	return nil
}
