package overlay

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"samerun/internal/overlay/edit"
)

// Diff writes, as one unified diff, how the standard library that tests run with
// differs from that of the toolchain: patch -p1 in GOROOT/src would make the one of
// the other. The error says in one sentence why this toolchain cannot be used, or
// is that of w.
func (tc Toolchain) Diff(w io.Writer) error {
	parts, err := tc.parts()
	if err != nil {
		return err
	}
	for _, r := range parts.changed {
		if _, err := io.WriteString(w, r.Diff()); err != nil {
			return err
		}
	}
	for _, f := range parts.ours {
		if _, err := io.WriteString(w, edit.DiffNew(f.name, f.text)); err != nil {
			return err
		}
	}
	return nil
}

// List writes what is changed for the toolchain, and why: each place with its reason
// and its files, and then our own files. The errors are those of Diff.
func (tc Toolchain) List(w io.Writer) error {
	parts, err := tc.parts()
	if err != nil {
		return err
	}
	changes := 0
	var b strings.Builder
	for _, p := range Places() {
		var files []string
		for _, c := range p.Changes {
			if !c.Of(parts.minor) {
				continue
			}
			changes++
			if !slices.Contains(files, c.File) {
				files = append(files, c.File)
			}
		}
		if len(files) == 0 {
			continue // none for this version
		}
		fmt.Fprintf(&b, "%s: %s\n", strings.TrimSuffix(p.Name, ".edit"), strings.Join(files, ", "))
		fmt.Fprintf(&b, "    %s\n", strings.ReplaceAll(p.Reason, "\n", "\n    "))
	}
	fmt.Fprintf(&b, "\n%d changes in %d files of the standard library, and %d files of samerun's:\n", changes, len(parts.changed), len(parts.ours))
	for _, f := range parts.ours {
		fmt.Fprintf(&b, "    %s\n", f.name)
	}
	_, err = io.WriteString(w, b.String())
	return err
}
