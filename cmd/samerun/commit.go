package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"samerun/internal/checkout"
	"samerun/internal/runner"
	"samerun/internal/text"
	"samerun/internal/tracefile"
)

// Two versions of the code are compared by the run of one file: as it is in the tree, and as it is
// in a commit, in a working tree of git's that is there for that long.

// traceCommit makes the run of a file with the code of a commit, and with that of the tree.
func (c *traceCommand) traceCommit(ctx context.Context, a *app, tmp string) ([]*tracefile.Trace, error) {
	file := c.files[0]
	x := c.open(a, tmp)
	now, err := x.find(ctx, file)
	if err != nil {
		return nil, err
	}
	tree, err := checkout.Of(ctx, a.Environ, now.pkg.Dir, c.commit, tmp)
	if err != nil {
		return nil, err
	}
	defer tree.Remove()
	old, err := c.traceIn(ctx, a, tree.Dir, filepath.Join(tmp, "old"), file)
	if err != nil {
		return nil, fmt.Errorf("with the code of %s: %w", text.Line(c.commit), err)
	}
	by, ok := now.by.(runner.Tracer)
	if !ok {
		return nil, fmt.Errorf("%s is of a world of which there are no traces", file)
	}
	t, err := by.TraceReplay(ctx, now.pkg, now.path)
	if err != nil {
		return nil, fmt.Errorf("with the code as it is: %w", err)
	}
	c.names = [2]string{fmt.Sprintf("%s (%.12s)", text.Line(c.commit), tree.Hash), "the tree as it is"}
	return []*tracefile.Trace{old, t}, nil
}

// traceIn makes the run of a file with the code of a package in another folder.
func (c *traceCommand) traceIn(ctx context.Context, a *app, dir, tmp, file string) (*tracefile.Trace, error) {
	if err := os.Mkdir(tmp, 0o755); err != nil {
		return nil, err
	}
	path := a.Abs(file)
	there := *a
	there.Dir = dir
	other := c.fileCommand
	other.pkg = "."
	s, err := other.open(&there, tmp).find(ctx, path)
	if err != nil {
		return nil, err
	}
	by, ok := s.by.(runner.Tracer)
	if !ok {
		return nil, errors.New("the file is of a world of which there are no traces")
	}
	return by.TraceReplay(ctx, s.pkg, s.path)
}
