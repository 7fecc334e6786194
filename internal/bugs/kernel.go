package bugs

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Kernel is one small program: a test with a bug.
type Kernel struct {
	Test    string // its name
	Kind    string // of its bug, in words
	Verdict string // that it must get: one of Verdicts
	Fast    bool   // it is looked for by every go test
	Missed  string // why no seed shows it today; "": one does
}

// Verdicts are all there are; the file kinds.txt explains them.
func Verdicts() []string { return []string{"deadlock", "fails", "panics", "leak", "race"} }

var (
	kernelLine = regexp.MustCompile(`^([-* ]) (Test\w+) +(\w+) +([^|]*[^| ])(?: \| (\S.*))?$`)
	testName   = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
)

// Read returns the kernels of a file like kinds.txt, in its order. It is an error if the
// file and the tests beside it are not the same.
func Read(file string) ([]Kernel, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var kernels []Kernel
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := kernelLine.FindStringSubmatch(line)
		if m == nil || !slices.Contains(Verdicts(), m[3]) || (m[1] == "-") != (m[5] != "") {
			return nil, fmt.Errorf("%s:%d: a line is a star, a dash or a blank, a test, one of the verdicts %s, a kind, and after a dash a bar and a reason; not %q", file, n, strings.Join(Verdicts(), ", "), line)
		}
		kernels = append(kernels, Kernel{Test: m[2], Kind: m[4], Verdict: m[3], Fast: m[1] == "*", Missed: m[5]})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return kernels, complete(kernels, file)
}

// complete says what the tests in the folder of the file have that it lacks, or the
// other way round.
func complete(kernels []Kernel, file string) error {
	var listed, there []string
	for _, k := range kernels {
		listed = append(listed, k.Test)
	}
	sources, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*_test.go"))
	if err != nil {
		return err
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			return err
		}
		for _, m := range testName.FindAllSubmatch(text, -1) {
			there = append(there, string(m[1]))
		}
	}
	slices.Sort(listed)
	slices.Sort(there)
	if !slices.Equal(listed, slices.Compact(slices.Clone(listed))) {
		return fmt.Errorf("%s names a test twice", file)
	}
	for _, name := range listed {
		if !slices.Contains(there, name) {
			return fmt.Errorf("%s names %s, and no file beside it has such a test", file, name)
		}
	}
	for _, name := range there {
		if !slices.Contains(listed, name) {
			return fmt.Errorf("%s does not name %s, which a file beside it has", file, name)
		}
	}
	return nil
}
