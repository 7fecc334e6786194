// Package zoo names the bugs that are planted in the examples. Each example has a
// type Bug of its own, with a constant for each bug and the zero value for none.
package zoo

import (
	"fmt"
	"slices"
	"strings"
)

// Check returns nil if bug is one of the bugs of a package, or none, and says else
// which there are.
func Check[B ~string](pkg string, bug B, bugs []B) error {
	if bug == "" || slices.Contains(bugs, bug) {
		return nil
	}
	names := make([]string, len(bugs))
	for i, b := range bugs {
		names[i] = string(b)
	}
	return fmt.Errorf("package %s has no bug %q; it has %s", pkg, string(bug), strings.Join(names, ", "))
}
