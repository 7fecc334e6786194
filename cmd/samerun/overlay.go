package main

import (
	"cmp"
	"context"
	"samerun/internal/overlay"
	"slices"
)

// overlaid is an overlay and what builds with it.
type overlaid struct {
	file  string // for -overlay
	found bool   // it was made before
	tc    overlay.Toolchain
	by    *caller // with the go command of the toolchain
}

// makeOverlay makes the overlay of the toolchain that builds in the user's folder.
func (c *caller) makeOverlay(ctx context.Context) (*overlaid, error) {
	tc, err := overlay.Find(ctx, cmp.Or(c.goDir, c.dir), c.environ)
	if err != nil {
		return nil, err
	}
	cache, err := overlay.CacheDir()
	if err != nil {
		return nil, err
	}
	file, found, err := overlay.Prepare(tc, cache)
	if err != nil {
		return nil, err
	}
	own := *c
	if tc.Linked {
		path, _ := lookupEnv(c.environ, "PATH")
		own.goName, own.environ = tc.Command(), append(slices.Clip(c.environ), tc.Environ(path)...)
	}
	return &overlaid{file, found, tc, &own}, nil
}
