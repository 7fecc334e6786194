// Package board is a small service of ordinary Go, a notice board on three servers, as somebody
// wrote it who had never heard of samerun: net/http, goroutines, a mutex. Its test runs the
// three as nodes of a world, and lets them crash. docs/clusters.md tells how it came about.
package board
