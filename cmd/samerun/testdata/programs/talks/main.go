// Talks sends lines to a server of its own, which sends them back, and waits a second for each.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"time"
)

func main() {
	log.SetFlags(0)
	l, err := net.Listen("tcp", ":7000")
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				log.Fatal(err)
			}
			go io.Copy(c, c)
		}
	}()
	c, err := net.Dial("tcp", "localhost:7000")
	if err != nil {
		log.Fatal(err)
	}
	answers := bufio.NewReader(c)
	for i := range 20 {
		c.SetDeadline(time.Now().Add(time.Second))
		fmt.Fprintf(c, "line %d\n", i)
		if line, err := answers.ReadString('\n'); err != nil || line != fmt.Sprintf("line %d\n", i) {
			log.Fatalf("no answer to a line: %v", err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
