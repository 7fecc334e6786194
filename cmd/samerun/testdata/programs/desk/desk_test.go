package main

import "testing"

// A test of the program, which has nothing to do with its runs.
func TestTake(t *testing.T) {
	var d desk
	if d.take() != 0 || d.take() != 1 {
		t.Error("numbers are not counted")
	}
}
