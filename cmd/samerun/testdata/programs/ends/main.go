// Ends is a program that ends in the way that its first argument says.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// version is set by the linker.
var version = "none"

// number is a flag that exists before main does, and test.v is one of package testing's.
var (
	number = flag.Int("number", 1, "a number")
	own    = flag.Bool("test.v", false, "a flag of the program's own")
)

// early is what the arguments were when the package was initialised.
var early = append([]string{filepath.Base(os.Args[0])}, os.Args[1:]...)

func init() {
	if len(early) > 1 && early[1] == "early" {
		os.Exit(4)
	}
}

func main() {
	log.SetFlags(0)
	flag.Parse()
	switch flag.Arg(0) {
	case "sees":
		flag.VisitAll(func(f *flag.Flag) { fmt.Println("flag", f.Name, f.Value) })
		dir, err := os.Getwd()
		fmt.Println(early, flag.Args(), filepath.Base(flag.CommandLine.Name()), dir, err, testing.Testing(), version)
	case "reads":
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			fmt.Println("line", lines.Text())
		}
	case "exit":
		defer fmt.Println("no deferred call runs")
		fmt.Println("goes with", *number)
		os.Exit(*number)
	case "syscall":
		syscall.Exit(*number)
	case "fatal":
		log.Fatal("the number is odd")
	case "panic":
		panic("boom")
	case "elsewhere":
		go func() { panic("boom elsewhere") }()
		time.Sleep(time.Minute)
	case "waits":
		var wg sync.WaitGroup
		wg.Add(1)
		wg.Wait()
	case "ticks":
		for range time.Tick(time.Second) {
		}
	case "spins":
		for x := uint64(1); x != 0; x += 2 {
		}
	case "behind":
		// Another goroutine ends the program.
		go func() {
			time.Sleep(5 * time.Minute)
			fmt.Println("five minutes later")
			os.Exit(0)
		}()
		select {}
	case "goexit":
		go func() {
			time.Sleep(time.Minute)
			fmt.Println("a minute later")
			os.Exit(0)
		}()
		runtime.Goexit()
	case "leaves":
		go func() {
			for {
				time.Sleep(time.Millisecond)
				fmt.Println("tick")
			}
		}()
		time.Sleep(2500 * time.Microsecond)
	case "starts":
		me, err := os.Executable()
		if err != nil {
			log.Fatal(err)
		}
		out, err := exec.Command(me, "-number", "7", "exit").CombinedOutput()
		fmt.Printf("%q %v\n", out, err)
	case "races":
		n := 0
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { n++ })
		}
		wg.Wait()
	case "writes":
		if err := os.WriteFile("written", []byte("x"), 0o666); err != nil {
			log.Fatal(err)
		}
	default:
		fmt.Println("now it is", time.Now().UTC().Format(time.DateTime))
	}
}
