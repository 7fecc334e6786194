package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Client appends lines, one at a time. Its name must not be that of another one.
type Client struct {
	Name      string
	Addresses []string // of the replicas, in their order

	number int // of the last request
	at     int // the replica that is asked
}

const (
	attempt = 1500 * time.Millisecond // is how long one replica is asked
	pause   = 20 * time.Millisecond   // at least, and twice that at most, until the next
)

// Append appends a line, and returns its number in the book. It asks one replica after the
// other, again and again, until ctx ends. After an error the line may be in the book or not.
func (c *Client) Append(ctx context.Context, text string) (line int, err error) {
	c.number++
	for {
		line, err = c.ask(ctx, text)
		if err == nil {
			return line, nil
		}
		select {
		case <-time.After(pause + rand.N(pause)): // not all clients at a time
		case <-ctx.Done():
			return 0, fmt.Errorf("line %d of %s: %w", c.number, c.Name, errors.Join(ctx.Err(), err))
		}
	}
}

// ask asks one replica, and finds out which to ask next.
func (c *Client) ask(ctx context.Context, text string) (line int, err error) {
	next := (c.at + 1) % len(c.Addresses)
	defer func() {
		if err != nil {
			c.at = next
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	url := fmt.Sprintf("http://%s/lines?client=%s&number=%d", c.Addresses[c.at], c.Name, c.number)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(text))
	if err != nil {
		return 0, err
	}
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	if i, err := strconv.Atoi(r.Header.Get(leaderHeader)); err == nil && i < len(c.Addresses) && i != c.at {
		next = i
	}
	return line, decode(r, &line)
}

// List asks a replica for the lines that it knows to be in the book.
func List(ctx context.Context, address string) (lines []Entry, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/lines", nil)
	if err != nil {
		return nil, err
	}
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	return lines, decode(r, &lines)
}
