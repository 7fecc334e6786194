package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"

	"samerun/internal/overlay"
)

// checkToolchain makes the overlay and says what the tests will run on. The error says
// in one sentence why they cannot.
func (d *doctor) checkToolchain(ctx context.Context) error {
	with, err := d.by.makeOverlay(ctx)
	if err != nil {
		return err
	}
	own := *d.build
	own.overlay = with.file
	d.by, d.build = with.by, &own
	d.u = newOrdinaryRunner(d.by, d.build, d.opts.ordinaryOptions, d.tmp)
	d.say(green, "ok", "toolchain", fmt.Sprintf("%s in %s (supported: %s)", with.tc.Version, with.tc.GOROOT, overlay.Versions()))
	age := "made now: the first build takes longer"
	if with.found {
		age = "made before"
	}
	d.say(green, "ok", "overlay", with.file+" ("+age+")")
	env, err := d.goEnv(ctx)
	if err != nil {
		return err
	}
	for _, text := range env.remarks(d.by.environ) {
		d.say(plain, "note", "environment", text)
	}
	return nil
}

// goEnv is the part of the environment of the go command that may matter.
type goEnv struct{ GOFLAGS, GOOS, GOARCH, CGO_ENABLED string }

func (d *doctor) goEnv(ctx context.Context) (goEnv, error) {
	var env goEnv
	stdout, stderr, err := d.by.goCommand(ctx, []string{"env", "-json", "GOFLAGS", "GOOS", "GOARCH", "CGO_ENABLED"})
	if err == nil {
		err = json.Unmarshal([]byte(stdout), &env)
	}
	if err != nil {
		return env, fmt.Errorf("the settings of the go command cannot be read: %w", withOutput(err, stderr))
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
	debug, _ := lookupEnv(environ, "GODEBUG")
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
