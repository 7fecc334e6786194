package gocmd

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// BuildAll builds the test binary of each package into tmp, once. If any package
// does not build, the error has the compiler's words for all that do not; if this machine
// could not run them, nothing is built.
func (c *Caller) BuildAll(ctx context.Context, b *Build, workers int, tmp string, pkgs []*Package, onDone func()) error {
	if err := c.CheckPlatform(ctx, b); err != nil {
		return err
	}
	failed := make([]string, len(pkgs))
	ForEach(workers, len(pkgs), func(i int) {
		p := pkgs[i]
		// The names of packages may repeat, so each binary has a number too.
		p.Binary = filepath.Join(tmp, strconv.Itoa(i)+"-"+path.Base(p.Path)+".test.exe")
		args := append([]string{"test", "-c", "-o", p.Binary}, b.Flags()...)
		stdout, stderr, err := c.Go(ctx, append(args, p.Path))
		if err != nil {
			failed[i] = p.Arg + " does not build:\n" + WithOutput(err, stdout+stderr).Error()
		}
		onDone()
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var all []string
	for _, f := range failed {
		if f != "" {
			all = append(all, f)
		}
	}
	if len(all) > 0 {
		return fmt.Errorf("%s", strings.Join(all, "\n"))
	}
	return nil
}

// ForEach calls f with 0 to n-1, at most workers calls at a time.
func ForEach(workers, n int, f func(i int)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, workers)
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			f(i)
		})
	}
	wg.Wait()
}
