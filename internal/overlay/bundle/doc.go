// Package bundle puts small packages of ours into a package of the standard
// library.
//
// A file that joins package runtime can import nothing of ours, and no test can
// reach it there. So what needs nothing of the runtime is written as a leaf: an
// ordinary package, which compiles by itself and has ordinary tests. When the
// overlay is made, [Files] gives each package-level name of the leaf the prefix
// samerun (Mix becomes samerunMix, and so does mix), and the package clause that of
// the package it joins. All else stays as it is: comments, and directives such
// as //go:nosplit.
//
// # What a leaf may do
//
// A leaf may import other leaves of the same bundle, as mix.Mix, which becomes
// samerunMix; and the packages of the standard library that the caller allows.
// For package runtime that is none but unsafe, since the runtime is below all of them.
// It is the same on all systems: it has no build constraints.
// A leaf that joins the runtime has no maps, no closures that escape, and no
// variables that need code to be initialised: its functions are called before any
// init function runs, and some of them with locks held.
//
// All leaves of a bundle share one space of names. Two that declare the same name,
// or two names that differ in the case of their first letter only, are an error. So
// a name in a leaf says what it is without the name of its package: pick.NewPicker,
// not pick.New.
//
// # Where the source comes from
//
// The tool has no source tree when it runs, so that leaves are embedded. A Go file
// embeds only what lies below its own folder. A leaf below internal/overlay is
// embedded there. A leaf that lies elsewhere, because others import it too, has a
// file source.go, which is left out of the bundle:
//
//	package pick
//
//	import "embed"
//
//	// Source is this package, for internal/overlay, which bundles it.
//	//
//	//go:embed *.go
//	var Source embed.FS
//
// and internal/overlay passes bundle.Leaf{Path: "samerun/sched/pick", Source: pick.Source}.
// Tests (_test.go) are left out as well.
package bundle
