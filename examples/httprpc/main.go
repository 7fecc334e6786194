package main

import (
	"fmt"
	"log"
)

func main() {
	log.SetFlags(0)
	listens := make(chan bool)
	go func() { log.Fatal(Serve(":1234", func() { close(listens) })) }()
	<-listens

	c := &Client{Addr: "localhost:1234"}
	defer c.Close()
	product, err := c.Multiply(7, 8)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("7 × 8 =", product)
}
