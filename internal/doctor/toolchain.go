package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"

	"samerun/internal/gocmd"
	"samerun/internal/overlay"
	"samerun/internal/runner/ordinary"
	"samerun/internal/screen"
)

// checkToolchain makes the overlay and says what the tests will run on. The error says
// in one sentence why they cannot.
func (d *doctor) checkToolchain(ctx context.Context) error {
	with, err := d.by.Overlay(ctx)
	if err != nil {
		return err
	}
	own := *d.build
	own.Overlay = with.File
	d.by, d.build = with.Caller, &own
	d.u = ordinary.New(d.by, d.build, d.opts.Options, d.tmp)
	d.say(screen.Green, "ok", "toolchain", fmt.Sprintf("%s in %s (supported: %s)", with.Toolchain.Version, with.Toolchain.GOROOT, overlay.Versions()))
	age := "made now: the first build takes longer"
	if with.Found {
		age = "made before"
	}
	d.say(screen.Green, "ok", "overlay", with.File+" ("+age+")")
	env, err := d.goEnv(ctx)
	if err != nil {
		return err
	}
	for _, text := range env.remarks(d.by.Environ) {
		d.say(screen.Plain, "note", "environment", text)
	}
	return nil
}

// goEnv is the part of the environment of the go command that may matter.
type goEnv struct{ GOFLAGS, GOOS, GOARCH, CGO_ENABLED string }

func (d *doctor) goEnv(ctx context.Context) (goEnv, error) {
	var env goEnv
	stdout, stderr, err := d.by.Go(ctx, []string{"env", "-json", "GOFLAGS", "GOOS", "GOARCH", "CGO_ENABLED"})
	if err == nil {
		err = json.Unmarshal([]byte(stdout), &env)
	}
	if err != nil {
		return env, fmt.Errorf("the settings of the go command cannot be read: %w", gocmd.WithOutput(err, stderr))
	}
	return env, nil
}

// remarks are sentences about settings that a person should know of.
func (e goEnv) remarks(environ []string) (all []string) {
	for _, word := range strings.Fields(e.GOFLAGS) {
		switch name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "="); name {
		case "race", "tags", "gcflags", "ldflags", "toolexec", "cover", "covermode", "coverpkg", "asan", "msan":
			all = append(all, fmt.Sprintf("GOFLAGS has %s: the tests are built with it", word))
		}
	}
	if e.GOOS != "linux" || e.GOARCH != "amd64" {
		all = append(all, fmt.Sprintf("unmodified tests have been tried on linux/amd64 only, not on %s/%s", e.GOOS, e.GOARCH))
	}
	if e.GOOS != runtime.GOOS || e.GOARCH != runtime.GOARCH {
		all = append(all, fmt.Sprintf("the tests are for %s/%s and this is %s/%s: -exec says what runs them", e.GOOS, e.GOARCH, runtime.GOOS, runtime.GOARCH))
	}
	debug, _ := gocmd.LookupEnv(environ, "GODEBUG")
	for word := range strings.SplitSeq(debug, ",") {
		switch name, value, _ := strings.Cut(word, "="); {
		case value == "" || value == "0":
		case name == "asynctimerchan":
			all = append(all, "GODEBUG="+word+" is not heeded: timers of a test have the channels of Go 1.23 and later")
		case strings.Contains(name, "trace"):
			all = append(all, "GODEBUG="+word+" may print real times, which differ from run to run: unset it")
		}
	}
	return all
}
