// Package db has a test that needs a server of the machine's.
package db

import (
	"net"
	"testing"
)

func TestDatabase(t *testing.T) {
	c, err := net.Dial("tcp", "127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}
