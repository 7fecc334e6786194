package main

import (
	"errors"
	"fmt"
	"net/rpc"
	"net/rpc/jsonrpc"
	"time"
)

// A call is attempted so often, and each attempt takes so long at most.
const (
	Attempts = 5
	Patience = time.Second
)

// ErrNoAnswer is that of an attempt that took longer.
var ErrNoAnswer = errors.New("the server has not answered in time")

// Bug is a mistake that can be planted. The zero value is none.
type Bug string

// NewNumber gives each attempt to enter a sale a number of its own.
const NewNumber Bug = "new-number"

// Client enters sales at a till elsewhere. It is for one goroutine at a time.
type Client struct {
	Name string // that no other client has
	Addr string // of the server, such as "localhost:1234"
	Bug  Bug

	sales int // numbers given so far
	conn  *rpc.Client
}

// Sell enters a sale and returns its amount. After an error it may or may not have been
// entered.
func (c *Client) Sell(price, pieces int) (amount int, err error) {
	sale := Sale{ID: c.number(), Price: price, Pieces: pieces}
	for range Attempts {
		var answer int // of this attempt alone: the answer to an earlier one may still come
		if err = c.try("Till.Sell", sale, &answer); err == nil {
			return answer, nil
		}
		if c.Bug == NewNumber {
			sale.ID = c.number()
		}
	}
	return 0, fmt.Errorf("%d × %d: %w", price, pieces, err)
}

// number returns a number that no sale has.
func (c *Client) number() string {
	c.sales++
	return fmt.Sprintf("%s/%d", c.Name, c.sales)
}

// try makes one attempt, on a new connection if the last one failed. If it returns an
// error, reply may yet be written to.
func (c *Client) try(method string, args, reply any) error {
	type result struct {
		conn *rpc.Client
		err  error
	}
	// Neither dialling nor calling has a limit of its own.
	results := make(chan result, 1)
	go func(conn *rpc.Client) {
		var err error
		if conn == nil {
			if conn, err = jsonrpc.Dial("tcp", c.Addr); err != nil {
				conn = nil
			}
		}
		if err == nil {
			err = conn.Call(method, args, reply)
		}
		results <- result{conn, err}
	}(c.conn)

	limit := time.NewTimer(Patience)
	defer limit.Stop()
	select {
	case is := <-results:
		if c.conn = is.conn; is.err != nil {
			c.Close()
		}
		return is.err
	case <-limit.C:
		c.Close()   // which ends the call as well
		go func() { // who comes too late has nobody to give a connection to
			if is := <-results; is.conn != nil {
				is.conn.Close()
			}
		}()
		return ErrNoAnswer
	}
}

// Close closes the connection. The next call makes a new one.
func (c *Client) Close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}
