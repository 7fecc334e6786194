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
	var tc Toolchain
	var env struct{ GOROOT, GOVERSION, GOFLAGS string }
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOROOT", "GOVERSION", "GOFLAGS")
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
