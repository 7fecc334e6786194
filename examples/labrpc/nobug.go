//go:build !bug

package main

// planted is the mistake that offices make in the tests: none.
const planted Bug = ""
