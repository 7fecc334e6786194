package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// What is other with bugs of ordinary Go: a binary for each, with the overlay, and a process for
// each seed.

// buildOrdinary builds the test binary of a bug.
func (k *keeper) buildOrdinary(a animal) error {
	goflags := exec.Command(filepath.Join(k.tmp, "samerun.exe"), "goflags")
	goflags.Dir = filepath.FromSlash(a.Package)
	flags, err := goflags.Output()
	if err != nil {
		return fmt.Errorf("samerun goflags: %w", err)
	}
	args := append([]string{"test", "-c", "-o", k.binaryOf(a)}, strings.Fields(string(flags))...)
	if a.ordinary() {
		args = append(args, "-tags", a.Bug)
	}
	build := exec.Command("go", append(args, ".")...)
	build.Dir = goflags.Dir
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", a.Package, a.Bug, err, out)
	}
	return nil
}

// binaryOf is the binary of a bug, which of ledger each has for itself.
func (k *keeper) binaryOf(a animal) string {
	if a.ordinary() {
		return k.binary(a.Package + "-" + a.Bug)
	}
	return k.binary(a.Package)
}

// fromOrdinary is from for a bug of ordinary Go.
func (k *keeper) fromOrdinary(a animal, env string, first int) (seeds, runs int, err error) {
	for n := range k.patience {
		cmd := exec.Command(k.binaryOf(a), "-test.run=^TestLedger$")
		cmd.Dir = filepath.FromSlash(a.Package)
		cmd.Env = append(os.Environ(), fmt.Sprintf("SAMERUN_SEED=%d", first+n))
		if env != "" {
			cmd.Env = append(cmd.Env, env)
		}
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		switch {
		case err == nil:
		case errors.As(err, &exit) && strings.Contains(string(out), "--- FAIL: TestLedger"):
			return n + 1, n + 1, nil
		default:
			return 0, 0, fmt.Errorf("seed %d: %w\n%s", first+n, err, out)
		}
	}
	return k.patience + 1, k.patience, nil
}
