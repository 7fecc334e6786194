package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"samerun/internal/pick"
	"samerun/internal/wire"
)

// The small programs of package bugs are tests of one binary with the overlay. Each seed has a
// process, as that of samerun test, and the strategy is told what a calm run has shown.

// fromKernel is from for one of them.
func (k *keeper) fromKernel(a animal, env string, first int) (seeds, runs int, err error) {
	strategy, err := k.told(a, strings.TrimPrefix(env, "SAMERUN_STRATEGY="))
	if err != nil {
		return 0, 0, err
	}
	for n := range k.patience {
		out, code, err := k.kernel(a, fmt.Sprintf("SAMERUN_SEED=%d", first+n), "SAMERUN_STRATEGY="+strategy)
		switch {
		case err != nil:
			return 0, 0, err
		case code != 0 && !strings.Contains(out, "Test"+a.Bug):
			return 0, 0, fmt.Errorf("seed %d: exit status %d without the test's name:\n%s", first+n, code, out)
		case code != 0:
			return n + 1, n + 1, nil
		}
	}
	return k.patience + 1, k.patience, nil
}

// told returns a strategy with what it wants to know of the calm run.
func (k *keeper) told(a animal, strategy string) (string, error) {
	spec, problem := pick.ParseSpec(strategy)
	if problem != "" {
		return "", errors.New(problem)
	}
	if !spec.Wants() {
		return strategy, nil
	}
	dir, err := os.MkdirTemp(k.tmp, "calm-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "results")
	out, code, err := k.kernel(a, "SAMERUN_SEED=0", "SAMERUN_STRATEGY=fifo", "SAMERUN_COUNT=1", "SAMERUN_RESULTS="+file)
	if err != nil {
		return "", err
	}
	lines, err := wire.ReadFile(file)
	if err != nil {
		return "", err
	}
	for i := range lines {
		if l := &lines[i]; l.Test == "Test"+a.Bug && !l.Began {
			w := pick.WeightsOf(spec.Kind, l.Families())
			return spec.WithLength(pick.EstimateLength(l.Choices)).WithWeights(&w).String(), nil
		}
	}
	return "", fmt.Errorf("the calm run has not ended (exit status %d):\n%s", code, out)
}

// kernel runs one once.
func (k *keeper) kernel(a animal, env ...string) (out string, code int, err error) {
	cmd := exec.Command(k.binary(a.Package), "-test.run=^Test"+a.Bug+"$")
	cmd.Dir = filepath.FromSlash(a.Package)
	cmd.Env = append(append(os.Environ(), "GOMAXPROCS=1", "GOGC=800", "SAMERUN_WATCHDOG=10s"), env...)
	text, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); errors.As(err, &exit) && exit.ExitCode() > 0 {
		return string(text), exit.ExitCode(), nil
	}
	return string(text), 0, err
}
