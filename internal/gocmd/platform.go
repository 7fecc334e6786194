package gocmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// CheckPlatform reports an error if test binaries are for another platform than this
// machine's, nothing was said to run them, and this machine cannot: it is tried with a
// program that does nothing. A machine may run more than its own platform, 386 on amd64
// or whatever an emulator is registered for, so in doubt there is no error.
func (c *Caller) CheckPlatform(ctx context.Context, b *Build) error {
	if len(b.Exec) > 0 {
		return nil
	}
	env, ok := c.env(ctx, "GOOS", "GOARCH", "GOHOSTOS", "GOHOSTARCH")
	if !ok {
		return nil // what is built next says why
	}
	target, host := env[0]+"/"+env[1], env[2]+"/"+env[3]
	if target == host {
		return nil
	}
	if err := c.tryProgram(ctx, env[0], env[1]); err != nil {
		return fmt.Errorf("this machine is %s and does not run tests for %s (%w); unset GOOS and GOARCH, or name a command that runs them with -exec, as in go test", host, target, err)
	}
	return nil
}

// env asks the go command for variables.
func (c *Caller) env(ctx context.Context, names ...string) (values []string, ok bool) {
	stdout, _, err := c.Go(ctx, append([]string{"env"}, names...))
	values = strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	return values, err == nil && len(values) == len(names)
}

// tryProgram builds a program for a platform and runs it. The error says why the
// machine refused to start it.
func (c *Caller) tryProgram(ctx context.Context, goos, goarch string) error {
	dir, err := os.MkdirTemp("", "samerun-platform-")
	if err != nil {
		return nil
	}
	defer os.RemoveAll(dir)
	source, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "nothing.exe")
	if os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o666) != nil {
		return nil
	}
	// None of the user's flags: they may be for the user's module alone.
	plain := Caller{Dir: dir, goName: c.goName, Environ: append(c.Environ[:len(c.Environ):len(c.Environ)],
		"GOOS="+goos, "GOARCH="+goarch, "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")}
	if _, _, err := plain.Go(ctx, []string{"build", "-o", program, source}); err != nil {
		return nil
	}
	return tryStart(ctx, program)
}

// tryStart starts a program. The error says why the machine does not run ones of its
// kind; any other trouble is none.
func tryStart(ctx context.Context, program string) error {
	cmd := exec.CommandContext(ctx, program)
	err := cmd.Start()
	if err == nil {
		_ = cmd.Wait() // it was started, which is all that was asked
		return nil
	}
	var path *fs.PathError
	if ctx.Err() != nil || errors.Is(err, fs.ErrPermission) || !errors.As(err, &path) {
		return nil
	}
	return path.Err
}
