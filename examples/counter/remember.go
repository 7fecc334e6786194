//go:build !bug

package counter

// remember says that the server recognises a request that it has executed.
const remember = true
