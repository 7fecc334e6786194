// Package edit reads the changes that samerun makes to the standard library, and
// makes them.
//
// A file of edits is a [Place]: all that is changed for one purpose, in whatever
// files of the standard library and for whatever versions of Go. It begins with the
// reason. Each change says in which file it is, and then shows the lines as a diff
// does: those that go begin with -, those that come with +, and those that stay with
// a blank.
//
//	# A program can lose its turn where it takes a lock.
//
//	file sync/mutex.go
//	 func (m *Mutex) Lock() {
//	+	samerunPoint(sys.GetCallerPC())
//
//	# Before 1.26 there was no function of its own for this.
//	file runtime/proc.go
//	go 1.25
//	-	globrunqput(gp)
//	+	samerunPut(gp)
//
// Behind file, and before the lines, there can be
//
//	go 1.25         the versions of Go that have the lines: 1.25 only,
//	go 1.25-1.26    the first and the last of them,
//	go 1.26+        or the first, and all that come later
//	times 4         how often the lines occur in the file; else they occur once
//
// The lines that go or stay are looked for as they are, blanks and all, and must occur
// just so often: a change whose lines are not there is an error that names the edit,
// the file and the version of Go. There are no line numbers, which each patch release
// would move.
//
// A part of a line is changed where … stands for the rest of it: before the first
// line of a change, behind the last one, or both.
//
//	file internal/runtime/maps/map.go
//	times 5
//	-… := typ.Hasher(…
//	+… := samerunHash(typ.Key, typ.Hasher, …
//
// An empty line ends a change, unless more of its lines follow: then it is one of
// the lines that stay. Lines that begin with # are comments.
//
// Changes are looked for in the text of the toolchain, never in what another change
// has made of it, so that their order does not matter. Those that touch the same
// lines are an error; but two of one place that add lines at the same point do so in
// the order of the place.
package edit
