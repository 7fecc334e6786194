package gocmd

import (
	"cmp"
	"context"
	"slices"

	"samerun/internal/overlay"
)

// overlaid is an overlay and what builds with it.
type overlaid struct {
	File      string // for -overlay
	Found     bool   // it was made before
	Toolchain overlay.Toolchain
	Caller    *Caller // with the go command of the toolchain
}

// Overlay makes the overlay of the toolchain that builds in the user's folder.
func (c *Caller) Overlay(ctx context.Context) (*overlaid, error) {
	tc, err := overlay.Find(ctx, cmp.Or(c.goDir, c.Dir), c.Environ)
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
		path, _ := LookupEnv(c.Environ, "PATH")
		own.goName, own.Environ = tc.Command(), append(slices.Clip(c.Environ), tc.Environ(path)...)
	}
	return &overlaid{file, found, tc, &own}, nil
}
