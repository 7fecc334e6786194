package overlay

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Find asks the go command which toolchain it uses in the folder dir, which a
// go.mod there may decide.
func Find(ctx context.Context, dir string, environ []string) (Toolchain, error) {
	return find(ctx, "go", dir, environ)
}

// find is Find with a go command.
func find(ctx context.Context, command, dir string, environ []string) (Toolchain, error) {
	var tc Toolchain
	var env struct{ GOROOT, GOVERSION, GOFLAGS, GOMODCACHE string }
	cmd := exec.CommandContext(ctx, command, "env", "-json", "GOROOT", "GOVERSION", "GOFLAGS", "GOMODCACHE")
	cmd.Dir, cmd.Env = dir, environ
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &env)
	}
	if err != nil {
		return tc, fmt.Errorf("the Go toolchain cannot be found: %w %s", err, strings.TrimSpace(stderr.String()))
	}
	if strings.Contains(env.GOFLAGS, "-overlay") {
		return tc, fmt.Errorf("GOFLAGS has an -overlay already (%s), and the go command takes only one; unset it", env.GOFLAGS)
	}
	tc = Toolchain{GOROOT: env.GOROOT, Version: env.GOVERSION}
	if strings.HasPrefix(env.GOROOT, env.GOMODCACHE+string(filepath.Separator)) {
		return tc.linked()
	}
	return tc, nil
}

// linked is a downloaded toolchain, reached by a link in the user's cache: the go
// command replaces no files below its module cache, and looks at the name only.
func (tc Toolchain) linked() (Toolchain, error) {
	cache, err := CacheDir()
	if err != nil {
		return tc, err
	}
	link := filepath.Join(filepath.Dir(cache), "toolchain", filepath.Base(tc.GOROOT))
	if to, _ := os.Readlink(link); to != tc.GOROOT {
		os.Remove(link) // of a module cache that was elsewhere
		if err = os.MkdirAll(filepath.Dir(link), 0o777); err == nil {
			err = os.Symlink(tc.GOROOT, link)
		}
		if to, _ := os.Readlink(link); err != nil && to != tc.GOROOT {
			return tc, fmt.Errorf("%s is a toolchain that the go command has downloaded, of which it replaces no files, and a link to it cannot be made: %w; install this version of Go outside of %s", tc.Version, err, filepath.Dir(tc.GOROOT))
		}
	}
	tc.GOROOT, tc.Linked = link, true
	return tc, nil
}

// Command is the name of the go command of the toolchain.
func (tc Toolchain) Command() string {
	if !tc.Linked {
		return "go"
	}
	return filepath.Join(tc.GOROOT, "bin", "go")
}

// Environ is what must be set for the go command of the toolchain, and for the
// processes that it builds. path is the user's PATH.
func (tc Toolchain) Environ(path string) []string {
	if !tc.Linked {
		return nil
	}
	return []string{"GOROOT=" + tc.GOROOT, "GOTOOLCHAIN=local", "PATH=" + filepath.Join(tc.GOROOT, "bin") + string(os.PathListSeparator) + path}
}

// CacheDir is where overlays are kept: a folder of the user's cache.
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no place for the overlay of the standard library: %w", err)
	}
	return filepath.Join(dir, "samerun", "overlay"), nil
}
