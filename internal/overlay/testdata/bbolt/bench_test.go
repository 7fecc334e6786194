// Package bboltbench runs bbolt's own benchmark, the command "bbolt bench", for BenchmarkDiskIdle.
package bboltbench

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"go.etcd.io/bbolt/cmd/bbolt/command"
)

// TestBench runs the benchmark with the arguments of BENCH_ARGS, in a new folder of BENCH_DIR, which
// is a disk if BENCH_DISK is set. It prints the processor time that writing takes, and ends the
// process before reading: that reads a mapping of the file for a second, without a system call and by
// a clock that stands still meanwhile.
func TestBench(t *testing.T) {
	args := os.Getenv("BENCH_ARGS")
	if args == "" {
		t.Skip("BENCH_ARGS has the arguments")
	}
	dir, err := os.MkdirTemp(os.Getenv("BENCH_DIR"), "bbolt")
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("BENCH_DISK") != "" {
		h := any(t).(interface{ Samerun() any }).Samerun()
		h.(interface {
			Disk(node int, dir string, level int, key uint64)
		}).Disk(0, dir, 0, 1)
	}
	root := command.NewRootCommand()
	root.SetErr(&phases{dir: dir})
	root.SetArgs(append([]string{"bench", "--path", dir + "/db"}, strings.Fields(args)...))
	t.Fatal(root.Execute())
}

// phases is what the benchmark tells when it begins to write, and to read.
type phases struct {
	dir   string
	began int64
}

func (p *phases) Write(b []byte) (int, error) {
	switch {
	case bytes.HasPrefix(b, []byte("starting write")):
		p.began = cpu()
	case bytes.HasPrefix(b, []byte("starting read")):
		fmt.Println("cpu-ns", cpu()-p.began)
		os.RemoveAll(p.dir)
		os.Exit(0)
	}
	return len(b), nil
}

// cpu is the processor time of the process so far, user and system, in nanoseconds.
func cpu() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
