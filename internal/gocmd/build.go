package gocmd

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// BuildAll builds the test binary of each package into tmp, once. A package that does
// not build, or that go vet refuses, says so from then on (Package.Unready). The error
// means that none can be run: this machine could not, or ctx is done.
func (c *Caller) BuildAll(ctx context.Context, b *Build, workers int, tmp string, pkgs []*Package, onDone func()) error {
	if err := c.CheckPlatform(ctx, b); err != nil {
		return err
	}
	linking := c.linking(ctx, b)
	with := b
	if b.Overlay != "" {
		with = c.withCopies(ctx, b, tmp, pkgs)
	}
	wrong := make([]error, len(pkgs))
	ForEach(workers, len(pkgs), func(i int) {
		p := pkgs[i]
		// The names of packages may repeat, so each binary has a number too.
		p.Binary = filepath.Join(tmp, strconv.Itoa(i)+"-"+path.Base(p.Path)+".test.exe")
		p.Unready, wrong[i] = c.buildWith(ctx, with, b, linking, p)
		onDone()
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, err := range wrong {
		if err != nil {
			return err
		}
	}
	return nil
}

// noSuchVet is what go test says of a -vet that it does not know.
var noSuchVet = regexp.MustCompile(`invalid value "[^\n]*" for flag -vet: [^\n]*; found ([^\n]*)`)

// buildWith builds the test binary of a package with copies of labrpc that tell of their calls, and,
// should that not build, without.
func (c *Caller) buildWith(ctx context.Context, with, b *Build, linking []string, p *Package) (*Unready, error) {
	unready, err := c.build(ctx, with, linking, p)
	if with == b || unready == nil || err != nil {
		return unready, err
	}
	if unready, err = c.build(ctx, b, linking, p); unready == nil && err == nil {
		p.notBuilt()
	}
	return unready, err
}

// build builds the test binary of a package. The error is about a flag.
func (c *Caller) build(ctx context.Context, b *Build, linking []string, p *Package) (*Unready, error) {
	args := append([]string{"test", "-c", "-o", p.Binary}, b.Flags()...)
	args = append(args, linking...)
	if b.Vet != "" {
		args = append(args, "-vet="+b.Vet)
	}
	stdout, stderr, err := c.Go(ctx, append(args, c.GoArg(p)))
	if err == nil || ctx.Err() != nil {
		return nil, nil
	}
	if m := noSuchVet.FindStringSubmatch(stderr); m != nil {
		return nil, fmt.Errorf("-vet %s: go vet has no %q; say off, all, or a list of its analyzers such as printf,atomic (go tool vet help lists them)", b.Vet, m[1])
	}
	stage := Building
	if b.Vet != "off" {
		// What builds without vet was refused by vet.
		args = append(append([]string{"test", "-c", "-o", p.Binary}, b.Flags()...), "-vet=off")
		if _, _, err := c.Go(ctx, append(args, c.GoArg(p))); err == nil {
			stage = Vetting
		}
	}
	said := stdout + stderr
	if said == "" {
		said = err.Error()
	}
	return newUnready(stage, p.Path, said), nil
}

// linking are the flags by which a test binary is linked without debug information, as go
// test does when it runs the binary itself. Nobody reads it, unless -exec names a debugger.
// The user's own -ldflags are left as they are.
func (c *Caller) linking(ctx context.Context, b *Build) []string {
	if b.Debug || b.Ldflags != "" || len(b.Exec) > 0 {
		return nil
	}
	if env, ok := c.env(ctx, "GOFLAGS"); !ok || strings.Contains(env[0], "-ldflags") {
		return nil
	}
	return []string{"-ldflags=-w"}
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
