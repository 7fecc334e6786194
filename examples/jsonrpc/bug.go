//go:build bug

package main

// planted is the mistake that clients make in the tests.
const planted = NewNumber
