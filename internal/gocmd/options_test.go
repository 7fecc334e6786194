package gocmd

import (
	"slices"
	"strings"
	"testing"
)

// Under the overlay the simulator is built without the race detector, and nothing else is.
func TestRaceFlags(t *testing.T) {
	for _, b := range []Build{{}, {Race: true}, {Overlay: "x"}, {Race: true, Overlay: "x", Gcflags: "all=-N"}} {
		flags := b.Flags()
		var off []string
		for _, f := range flags {
			if strings.HasSuffix(f, "=-race=false") {
				off = append(off, f)
			}
		}
		if want := b.Race && b.Overlay != ""; want != slices.Contains(off, "-gcflags=samerun/sched=-race=false") || want != (len(off) > 0) {
			t.Errorf("%+v: %q", b, flags)
		}
		// The last pattern that fits a package counts.
		if i, j := slices.Index(flags, "-gcflags=all=-N"), slices.IndexFunc(flags, func(f string) bool { return strings.HasSuffix(f, "=-race=false") }); i >= 0 && i > j {
			t.Errorf("%+v: %q", b, flags)
		}
	}
}
