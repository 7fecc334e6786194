//go:build !planted

package kvraft

// belongs says whether what was done at the index of a command is that command: a new
// leader may have put another one there.
func belongs(r result, op Op) bool { return r.Client == op.Client && r.Request == op.Request }
