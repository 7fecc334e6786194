//go:build !go1.27

package runtime

// samerunNewTimers sees to it that bubbles can be: programs for Go before 1.23 ask for
// timer channels that bubbles do not have. Package time itself gives them the old ones.
func samerunNewTimers() { debug.asynctimerchan.Store(0) }
