package main

import (
	"errors"
	"fmt"
	"net/rpc"
	"time"
)

// Patience is how long a call takes at most, the dialling included.
const Patience = 2 * time.Second

// ErrNoAnswer is that of a call that took longer.
var ErrNoAnswer = errors.New("the server has not answered in time")

// Bug is a mistake that can be planted. The zero value is none.
type Bug string

// NoReconnect keeps a connection that is broken.
const NoReconnect Bug = "no-reconnect"

// Client multiplies on a server. It is for one goroutine at a time. The zero value but for
// Addr is ready for use.
type Client struct {
	Addr string // of the server, such as "localhost:1234"
	Bug  Bug

	conn *rpc.Client // nil: to be dialled
}

// Multiply returns the product of two numbers, or an error.
func (c *Client) Multiply(a, b int) (product int, err error) {
	type answer struct {
		conn    *rpc.Client
		product int
		err     error
	}
	// Neither dialling nor calling has a limit of its own.
	answers := make(chan answer, 1)
	go func(conn *rpc.Client) {
		var is answer
		if is.conn = conn; conn == nil {
			is.conn, is.err = rpc.DialHTTP("tcp", c.Addr)
		}
		if is.err == nil {
			is.err = is.conn.Call("Arith.Multiply", &Args{a, b}, &is.product)
		}
		answers <- is
	}(c.conn)

	limit := time.NewTimer(Patience)
	defer limit.Stop()
	select {
	case is := <-answers:
		c.conn, product, err = is.conn, is.product, is.err
	case <-limit.C:
		err = ErrNoAnswer
		go func() { // who comes too late has nobody to give a connection to
			if is := <-answers; is.conn != nil {
				is.conn.Close()
			}
		}()
	}
	if err != nil {
		if c.Bug != NoReconnect {
			c.Close() // which ends a call that still waits
		}
		return 0, fmt.Errorf("%d × %d: %w", a, b, err)
	}
	return product, nil
}

// Close closes the connection. The next call makes a new one.
func (c *Client) Close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}
