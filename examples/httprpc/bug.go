//go:build bug

package main

// planted is the mistake that the client makes in the tests.
const planted = NoReconnect
