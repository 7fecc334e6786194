// Package talks has tests that print before they fail, and tests that share a variable.
package talks

import (
	"fmt"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"
)

func TestBefore(t *testing.T) {
	log.Print("a line of an earlier test")
}

func TestLogs(t *testing.T) {
	for i := range 30 {
		log.Printf("step %d", i+1)
		time.Sleep(time.Second)
	}
	slog.Info("it breaks", "at", 31)
	fmt.Print("no end of line")
	t.Error("the cause")
}

// shared is what the tests before TestAlone and TestCompany leave.
var shared int

func TestSets(t *testing.T) { shared = 2 }

// TestAlone fails in company and by itself, in two courses.
func TestAlone(t *testing.T) {
	time.Sleep(time.Duration(1+shared) * time.Millisecond)
	t.Error("always")
}

// TestCompany fails in company only.
func TestCompany(t *testing.T) {
	if shared == 2 {
		t.Error("somebody was here before")
	}
}

func TestStarts(t *testing.T) {
	if err := exec.Command(os.Args[0], "-test.run=^$").Run(); err != nil {
		t.Fatal(err)
	}
}
