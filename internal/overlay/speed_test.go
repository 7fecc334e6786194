package overlay

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The rounds of a process of a benchmark. What a process takes that does none is taken off.
const speedRounds = 20000

// speed runs a process of testdata/speed and returns the processor time of its rounds,
// user and system, in nanoseconds. The process has one processor, which is the cheapest for
// both sides.
func speed(b *testing.B, exe, work string, env ...string) float64 {
	b.Helper()
	cpu := func(rounds int) float64 {
		cmd := exec.Command(exe, "-test.run=^TestWork$")
		cmd.Env = append(append(os.Environ(), "SPEED_WORK="+work, fmt.Sprintf("SPEED_ROUNDS=%d", rounds), "GOMAXPROCS=1"), env...)
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%s: %v\n%s", work, err, out)
		}
		return float64(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime())
	}
	return cpu(speedRounds) - cpu(0)
}

var speedWorks = []string{"pingpong", "rpc", "http", "udp"}

// BenchmarkAgainstTheMachine compares work over the simulated network, under a seed, with
// the same work over the machine's loopback, in plain Go. Less than 1 is faster than the
// machine.
func BenchmarkAgainstTheMachine(b *testing.B) {
	exe := binary(b, "speed")
	plain := filepath.Join(scratch, "speed.plain")
	cmd := exec.Command(goCommand(), "test", "-c", "-o", plain, ".")
	cmd.Dir, cmd.Env = filepath.Join("testdata", "speed"), toolchainEnviron()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, work := range speedWorks {
		b.Run(work, func(b *testing.B) {
			var ours, theirs float64
			for b.Loop() {
				ours += speed(b, exe, work, "SAMERUN_SEED=1")
				theirs += speed(b, plain, work)
			}
			n := float64(b.N) * speedRounds
			b.ReportMetric(ours/n, "cpu-ns/round")
			b.ReportMetric(theirs/n, "loopback-cpu-ns/round")
			b.ReportMetric(ours/theirs, "×loopback")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkIdleFault compares work on which a rule of a fault lies that meets nothing with
// the same work without one.
func BenchmarkIdleFault(b *testing.B) {
	exe := binary(b, "speed")
	plan := planFile(b, "drop index=0 key=1 begin=0 conn=1000000 nth=1 from all to all")
	for _, work := range speedWorks {
		b.Run(work, func(b *testing.B) {
			var with, without float64
			for b.Loop() {
				without += speed(b, exe, work, "SAMERUN_SEED=1")
				with += speed(b, exe, work, "SAMERUN_SEED=1", "SAMERUN_FAULTS="+plan)
			}
			b.ReportMetric(with/without, "×without")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkGob compares messages that each have an encoder and a decoder of their own, under a seed,
// where these remember what others have compiled, with the same in plain Go.
func BenchmarkGob(b *testing.B) {
	exe := binary(b, "speed")
	var ours, plain float64
	for b.Loop() {
		ours += speed(b, exe, "gob", "SAMERUN_SEED=1")
		plain += speed(b, exe, "gob") // without a seed the package is as it was
	}
	b.ReportMetric(ours/float64(b.N)/speedRounds, "cpu-ns/round")
	b.ReportMetric(ours/plain, "×plain")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkDiskIdle compares bbolt's own benchmark, the writing of "bbolt bench", on a disk that no
// fault befalls with the same under a seed without one: the least processor time of b.N
// processes each. Once the folder is in the machine's own file system, where who has no disk makes the
// syncs; once it is in a file system in memory, where there is one, since a sync costs nothing there:
// on a disk none is made. Plain Go on the machine's own stands beside it.
func BenchmarkDiskIdle(b *testing.B) {
	exe := binary(b, "bbolt")
	plain := filepath.Join(scratch, "bbolt.plain")
	cmd := exec.Command(goCommand(), "test", "-c", "-o", plain, ".")
	cmd.Dir, cmd.Env = filepath.Join("testdata", "bbolt"), toolchainEnviron()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	memory := ""
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		memory = "/dev/shm"
	}
	for _, args := range []string{
		"--count 100000", // one transaction, as the command has it by default
		"--count 50000 --batch-size 1000",
		"--count 50000 --batch-size 100",
		"--count 20000 --batch-size 100 --write-mode rnd",
		"--count 50000 --batch-size 100 --write-mode seq-nest",
		"--count 4000 --batch-size 1",
	} {
		b.Run(strings.ReplaceAll(args, "--", ""), func(b *testing.B) {
			least := func(old float64, exe string, env ...string) float64 {
				cmd := exec.Command(exe, "-test.run=^TestBench$")
				cmd.Env = append(append(os.Environ(), "GOMAXPROCS=1", "BENCH_ARGS="+args), env...)
				out, err := cmd.CombinedOutput()
				_, after, _ := strings.Cut(string(out), "cpu-ns ")
				line, _, _ := strings.Cut(after, "\n")
				ns, bad := strconv.ParseFloat(line, 64)
				if bad != nil {
					b.Fatalf("%v\n%s", err, out)
				}
				if old > 0 {
					return min(old, ns)
				}
				return ns
			}
			var with, without, inMemory, withoutInMemory, machine float64
			for b.Loop() {
				withoutInMemory = least(withoutInMemory, exe, "SAMERUN_SEED=1", "BENCH_DIR="+memory)
				inMemory = least(inMemory, exe, "SAMERUN_SEED=1", "BENCH_DIR="+memory, "BENCH_DISK=1")
				without = least(without, exe, "SAMERUN_SEED=1")
				with = least(with, exe, "SAMERUN_SEED=1", "BENCH_DISK=1")
				machine = least(machine, plain)
			}
			b.ReportMetric(with/1e6, "cpu-ms")
			b.ReportMetric(with/without, "×without")
			b.ReportMetric(inMemory/withoutInMemory, "×without-in-memory")
			b.ReportMetric(with/machine, "×plain")
			b.ReportMetric(0, "ns/op")
		})
	}
}
