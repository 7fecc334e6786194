// Package board is a small service of ordinary Go: a notice board on three servers, with
// net/http, goroutines and a mutex. Its author did not know samerun. Its test runs the three
// servers as nodes of a world, and lets them crash. docs/clusters.md shows how the test was
// written.
package board
