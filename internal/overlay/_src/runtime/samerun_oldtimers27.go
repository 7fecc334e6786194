//go:build go1.27

package runtime

// samerunNewTimers does nothing: there are no timer channels of another kind.
func samerunNewTimers() {}
