package gocmd

import (
	"bytes"
	"cmp"
	"context"
	"os/exec"
	"strings"

	"samerun/internal/text"
)

// Caller is who called the tool, and from where: what decides how the go command is
// run, and how commands are written that the caller can type.
type Caller struct {
	Dir     string   // the user's directory, absolute
	goDir   string   // where the go command runs, if that is another module's root
	goName  string   // the go command, if it is not the one in PATH
	Environ []string // as os.Environ
	Self    string   // what the user typed to get here: "samerun", "go run samerun/cmd/samerun"
}

// Go runs the go command in the user's directory, or in the module of the
// packages.
func (c *Caller) Go(ctx context.Context, args []string) (stdout, stderr string, err error) {
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(ctx, cmp.Or(c.goName, "go"), args...)
	cmd.Dir, cmd.Env = cmp.Or(c.goDir, c.Dir), c.Environ
	cmd.Stdout, cmd.Stderr = &out, &errOut
	OwnGroup(cmd)
	err = cmd.Run()
	return out.String(), errOut.String(), err
}

// ReplayCommand returns the line that replays a file.
func (c *Caller) ReplayCommand(b *Build, file string) string {
	words := append(c.Platform(), c.Self, "replay")
	words = append(append(words, b.Words()...), b.ExecWords()...)
	return strings.Join(append(words, text.ShellQuote(file)), " ")
}

// Platform is the settings of the user that decide which code there is and that
// may have been made for this one command only.
func (c *Caller) Platform() (words []string) {
	for _, name := range []string{"GOOS", "GOARCH"} {
		if v, ok := LookupEnv(c.Environ, name); ok && v != "" {
			words = append(words, name+"="+text.ShellQuote(v))
		}
	}
	return words
}
