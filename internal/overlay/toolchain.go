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
	if strings.HasPrefix(env.GOROOT, env.GOMODCACHE+string(filepath.Separator)) {
		return tc, fmt.Errorf("%s is a toolchain that the go command has downloaded, of which it replaces no files; use one that is installed outside of %s, or a link to this one: ln -s %s ~/%s, then set GOROOT=~/%[4]s, GOTOOLCHAIN=local and PATH=~/%[4]s/bin:$PATH", env.GOVERSION, env.GOMODCACHE, env.GOROOT, env.GOVERSION)
	}
	return Toolchain{GOROOT: env.GOROOT, Version: env.GOVERSION}, nil
}

// CacheDir is where overlays are kept: a folder of the user's cache.
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no place for the overlay of the standard library: %w", err)
	}
	return filepath.Join(dir, "samerun", "overlay"), nil
}
