//go:build !unix

package gocmd

import "os/exec"

// OwnGroup leaves the process as it is: this system has no process groups, and
// cancelling kills the process alone.
func OwnGroup(*exec.Cmd) {}

// EndGroup does nothing: there are no groups.
func EndGroup(*exec.Cmd) bool { return false }
