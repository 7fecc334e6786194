package proptest

import "testing"

// CheckOn runs Check on a test that may fail, and returns what it said.
func CheckOn(t *testing.T, name string, property func(*P)) (failed bool, log string) {
	t.Helper()
	r := check(t, name, property)
	return r.failed, r.log.String()
}

// Setenv clears the environment but for these pairs.
func Setenv(t *testing.T, pairs ...string) { t.Helper(); setenv(t, pairs...) }

// Failfile sets -rapid.failfile.
func Failfile(t *testing.T, path string) { t.Helper(); failfile(t, path) }
