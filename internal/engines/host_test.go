package engines

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"samerun/internal/host"
	"samerun/internal/overlay"
)

// onHost skips a test that TestOnTheHost runs.
func onHost(t *testing.T) host.Host {
	t.Helper()
	h := host.Of(t)
	if h == nil {
		t.Skip("TestOnTheHost builds and runs it")
	}
	return h
}

// builtIn is the folder of built; empty if that was not asked for.
var builtIn string

func TestMain(m *testing.M) {
	code := m.Run()
	if builtIn != "" {
		os.RemoveAll(builtIn)
	}
	os.Exit(code)
}

// built is this package, built with the changed standard library.
var built = sync.OnceValues(func() (exe string, err error) {
	ctx := context.Background()
	tc, err := overlay.Find(ctx, ".", os.Environ())
	if err != nil {
		return "", err
	}
	cache, err := overlay.CacheDir()
	if err != nil {
		return "", err
	}
	list, err := overlay.Build(tc, cache)
	if err != nil {
		return "", err
	}
	if builtIn, err = os.MkdirTemp("", "samerun-engines-"); err != nil {
		return "", err
	}
	exe = filepath.Join(builtIn, "engines.test.exe")
	cmd := exec.Command(tc.Command(), "test", "-c", "-overlay", list, "-o", exe, ".")
	cmd.Env = append(os.Environ(), tc.Environ(os.Getenv("PATH"))...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return exe, nil
})

// ran is what a process of built has said.
type ran struct {
	out     string
	results string // lines of JSON
	ok      bool
	process *os.ProcessState
}

// run runs tests on the changed standard library at a seed.
func run(t testing.TB, pattern string, seed uint64, env ...string) *ran {
	t.Helper()
	exe, err := built()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "results")
	cmd := exec.Command(exe, "-test.run="+pattern, "-test.v")
	cmd.Env = append(append(os.Environ(), fmt.Sprintf("SAMERUN_SEED=%d", seed), "SAMERUN_RESULTS="+file), env...)
	var both bytes.Buffer
	cmd.Stdout, cmd.Stderr = &both, &both
	err = cmd.Run()
	data, _ := os.ReadFile(file)
	return &ran{both.String(), string(data), err == nil, cmd.ProcessState}
}

var digest = regexp.MustCompile(`"digest":"[0-9a-f]{16}"`)

// digests are those of all results.
func (r *ran) digests() string { return strings.Join(digest.FindAllString(r.results, -1), " ") }
