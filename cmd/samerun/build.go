package main

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// buildAll builds the test binary of each package into tmp, once. If any package
// does not build, the error has the compiler's words for all that do not.
func (c *caller) buildAll(ctx context.Context, b *build, workers int, tmp string, pkgs []*testPackage, onDone func()) error {
	failed := make([]string, len(pkgs))
	forEach(workers, len(pkgs), func(i int) {
		p := pkgs[i]
		// The names of packages may repeat, so each binary has a number too.
		p.binary = filepath.Join(tmp, strconv.Itoa(i)+"-"+path.Base(p.path)+".test.exe")
		args := append([]string{"test", "-c", "-o", p.binary}, b.flags()...)
		stdout, stderr, err := c.goCommand(ctx, append(args, p.path))
		if err != nil {
			failed[i] = p.arg + " does not build:\n" + withOutput(err, stdout+stderr).Error()
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

// forEach calls f with 0 to n-1, at most workers calls at a time.
func forEach(workers, n int, f func(i int)) {
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
