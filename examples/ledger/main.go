package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("ledger: ")
	id := flag.String("id", "", "which of the peers this replica is")
	peers := flag.String("peers", "n1=localhost:7001,n2=localhost:7002,n3=localhost:7003", "all replicas, the same list for each")
	dir := flag.String("dir", "", "the folder of the replica's store")
	text := flag.String("append", "", "append this line, instead of being a replica")
	list := flag.Bool("list", false, "list the book, instead of being a replica")
	flag.Parse()
	if err := run(*id, *peers, *dir, *text, *list); err != nil {
		log.Fatal(err)
	}
}

func run(id, peers, dir, text string, list bool) error {
	c := Config{Me: -1, Dir: dir}
	for _, peer := range strings.Split(peers, ",") {
		name, address, ok := strings.Cut(peer, "=")
		if !ok {
			return fmt.Errorf("-peers: %q is no NAME=HOST:PORT", peer)
		}
		if name == id {
			c.Me = len(c.Addresses)
		}
		c.Addresses = append(c.Addresses, address)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	switch {
	case text != "":
		client := &Client{Name: fmt.Sprintf("command-%d", time.Now().UnixNano()), Addresses: c.Addresses}
		line, err := client.Append(ctx, text)
		if err == nil {
			fmt.Println("line", line)
		}
		return err
	case list:
		return printBook(ctx, c.Addresses)
	case c.Me < 0:
		return fmt.Errorf("-id %q is none of -peers %s", id, peers)
	case dir == "":
		return fmt.Errorf("-dir says in which folder the replica keeps its store, and is missing")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	r, err := NewReplica(c)
	if err != nil {
		return err
	}
	return Serve(c.Addresses[c.Me], r)
}

// printBook prints what the first replica knows that answers.
func printBook(ctx context.Context, addresses []string) (err error) {
	for _, address := range addresses {
		var lines []Entry
		if lines, err = List(ctx, address); err == nil {
			for i, l := range lines {
				fmt.Printf("%d\t%s\n", i+1, l.Text)
			}
			return nil
		}
	}
	return err
}
