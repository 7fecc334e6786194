// Package gocmd is what the tool needs of the go command: it finds packages, builds their
// test binaries, and writes command lines that a person can type.
//
// A [Caller] is who called the tool: the folder, the environment, and the words that
// started it. All else is asked of a caller, for its answers depend on these:
//
//	c := &gocmd.Caller{Dir: dir, Environ: os.Environ(), Self: "samerun"}
//	patterns, err := c.EnterModule([]string{"./examples/labs/raft"})
//	list, err := c.List(ctx, &build, patterns)
//	err = c.BuildAll(ctx, &build, workers, tmp, gocmd.Ready(list.Packages), func() {})
//
// EnterModule makes the go command run in another module than the caller's, if the
// packages are of one; the names that people read stay as seen from their folder
// ([Package], field Arg). [Build] has the flags that decide which code is built, for go
// list, for go test -c, and as the words of a command that is printed.
//
// A package that the go command, the compiler or go vet refuses does not keep the others
// from being run: it says so itself ([Package], field Unready), in one sentence and the
// first lines of their words.
//
// Trees without modules, in GOPATH or with imports such as "../labrpc", are listed and
// built as go test does it: [Caller.GoArg] is how a go command names a package there.
//
// A main package is run as a program, and its tests are left out: [Caller.Program] finds
// it, and [Caller.BuildProgram] builds it for the overlay.
//
// Ordinary says which packages are ordinary Go, whose tests run on the overlay of
// internal/overlay, and Overlay makes that. A [Locator] finds the package that a saved
// failure is of. [ChildEnviron] is the environment of a test process: that of the caller
// without what would make it another run.
//
// One idea a file: caller.go runs the go command, module.go finds modules, packages.go
// lists, build.go builds, program.go does both for main packages, unready.go says why a package cannot be,
// platform.go asks whether this machine runs what is built, options.go has the flags, locate.go looks for the
// package of a file, overlay.go for a toolchain, environ.go is about variables, and
// group_unix.go keeps Ctrl-C from the processes that the tool starts.
package gocmd
