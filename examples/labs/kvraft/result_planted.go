//go:build planted

package kvraft

// belongs says whether what was done at the index of a command is that command.
//
// PLANTED: it believes so. But when a leader is cut off, another one may put another
// command at this index, and the client of the old one hears that its own is done.
func belongs(r result, op Op) bool { return true }
