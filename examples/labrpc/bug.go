//go:build bug

package main

// planted is the mistake that guests make in the tests.
const planted = LostRequest
