//go:build bug

package counter

const remember = false
