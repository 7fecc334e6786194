package main

import (
	"fmt"
	"log"
)

func main() {
	log.SetFlags(0)
	listens := make(chan bool)
	go func() { log.Fatal(Serve(":1234", new(Till), func() { close(listens) })) }()
	<-listens

	c := &Client{Name: "main", Addr: "localhost:1234"}
	defer c.Close()
	amount, err := c.Sell(17, 8)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("17 × 8 =", amount)
}
