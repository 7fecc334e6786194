// Package mains has a TestMain and a test that end the process in the ways that the
// environment asks for.
package mains

import (
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

func TestMain(m *testing.M) {
	switch os.Getenv("MAIN") {
	case "never":
		return
	case "drops":
		m.Run()
		os.Exit(0)
	case "checks":
		if m.Run() == 0 {
			os.Exit(5)
		}
	}
	os.Exit(m.Run())
}

func TestFirst(t *testing.T) {}

func TestEnds(t *testing.T) {
	switch os.Getenv("ENDS") {
	case "fails":
		t.Error("it fails")
	case "exit 0":
		syscall.Exit(0)
	case "exit 7":
		syscall.Exit(7)
	case "os.Exit 0":
		os.Exit(0)
	case "killed once":
		if f, err := os.OpenFile(os.Getenv("MARK"), os.O_CREATE|os.O_EXCL, 0o666); err == nil {
			f.Close()
			kill()
		}
	case "killed":
		kill()
	case "dials":
		// The socket is the machine's: a process of its own listens.
		if c, err := net.Dial("unix", os.Getenv("SOCKET")); err == nil {
			c.Close()
		}
	case "dials far":
		if c, err := net.Dial("udp", "192.0.2.1:9"); err == nil {
			c.Close()
		}
	case "child":
		// What fails in a child does not fail here.
		child := exec.Command(os.Args[0], "-test.run=TestEnds")
		child.Env = append(os.Environ(), "ENDS=fails")
		if child.Run() == nil {
			t.Error("the child is good")
		}
	case "outlived":
		child := exec.Command("sleep", "3600")
		child.Stdout = os.Stdout
		if err := child.Start(); err != nil {
			t.Error(err)
		}
	}
}

func kill() {
	if p, err := os.FindProcess(os.Getpid()); err == nil {
		p.Kill()
	}
	select {}
}
