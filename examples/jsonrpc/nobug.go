//go:build !bug

package main

// planted is the mistake that clients make in the tests: none.
const planted Bug = ""
