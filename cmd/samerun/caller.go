package main

import (
	"bytes"
	"cmp"
	"context"
	"os/exec"
	"strings"
)

// caller is who called the tool, and from where: what decides how the go command is
// run, and how commands are written that the caller can type.
type caller struct {
	dir     string   // the user's directory, absolute
	goDir   string   // where the go command runs, if that is another module's root
	goName  string   // the go command, if it is not the one in PATH
	environ []string // as os.Environ
	self    string   // what the user typed to get here: "samerun", "go run samerun/cmd/samerun"
}

// goCommand runs the go command in the user's directory, or in the module of the
// packages.
func (c *caller) goCommand(ctx context.Context, args []string) (stdout, stderr string, err error) {
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(ctx, cmp.Or(c.goName, "go"), args...)
	cmd.Dir, cmd.Env = cmp.Or(c.goDir, c.dir), c.environ
	cmd.Stdout, cmd.Stderr = &out, &errOut
	ownGroup(cmd)
	err = cmd.Run()
	return out.String(), errOut.String(), err
}

// replayCommand returns the line that replays a file.
func (c *caller) replayCommand(b *build, file string) string {
	words := append(c.platform(), c.self, "replay")
	words = append(append(words, b.words()...), b.execWords()...)
	return strings.Join(append(words, shellQuote(file)), " ")
}

// platform is the settings of the user that decide which code there is and that
// may have been made for this one command only.
func (c *caller) platform() (words []string) {
	for _, name := range []string{"GOOS", "GOARCH"} {
		if v, ok := lookupEnv(c.environ, name); ok && v != "" {
			words = append(words, name+"="+shellQuote(v))
		}
	}
	return words
}
