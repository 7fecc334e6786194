// Package tracefile is the trace of one run as data: what happened, event by event, for
// tasks, for worlds of goroutines and for ordinary tests alike. docs/trace-format.md documents it.
//
// A file is JSON lines. The first is the [Header], and each that follows is an [Event]:
//
//	{"format":"samerun-trace","version":1,"tool":"0.1","go":"go1.26","test":"TestX","seed":7,…}
//	{"n":1,"at":0,"kind":"boot","node":"n0","nth":1}
//	{"n":2,"at":200000,"kind":"send","node":"n0","peer":"n1","method":"Raft.AppendEntries","nth":1,"size":93}
//	{"n":3,"at":671000,"kind":"arrive","cause":2,"msg":2,"node":"n0","peer":"n1",…}
//
// Equal runs have equal files, byte by byte. [Read] believes nothing: a line that is not as
// documented is an error that names it. Whoever comes to know events in another order than
// that of time gives them to a [Builder].
package tracefile
