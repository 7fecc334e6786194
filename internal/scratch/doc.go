// Package scratch makes the folders in which the tool keeps test binaries and records while it
// works:
//
//	dir, err := scratch.Make()
//	if err != nil { … }
//	defer dir.Remove()
//	use(dir.Path)
//
// A process that is killed cannot remove its folder. The next one does: each folder has a file
// that its process keeps locked as long as it lives (flock, which the system gives back however
// a process ends), and [Make] removes the folders of the same user whose lock is free. On systems
// without flock folders of killed processes stay.
package scratch
