package overlay

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
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

// BenchmarkDiskIdle compares commits like bbolt's on a disk, where nothing waits for the machine's
// own disk, with the same under a seed without one, in real time: the machine's syncs are in it.
func BenchmarkDiskIdle(b *testing.B) {
	exe := binary(b, "speed")
	took := func(env ...string) float64 {
		took := func(rounds int) time.Duration {
			cmd := exec.Command(exe, "-test.run=^TestWork$")
			cmd.Env = append(append(os.Environ(), "SPEED_WORK=commits", fmt.Sprintf("SPEED_ROUNDS=%d", rounds), "SAMERUN_SEED=1"), env...)
			begin := time.Now()
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, out)
			}
			return time.Since(begin)
		}
		return float64(took(diskRounds) - took(0))
	}
	var with, without float64
	for b.Loop() {
		without += took()
		with += took("SPEED_DISK=1")
	}
	n := float64(b.N) * diskRounds
	b.ReportMetric(with/n, "ns/commit")
	b.ReportMetric(without/n, "machine-ns/commit")
	b.ReportMetric(with/without, "×machine")
	b.ReportMetric(0, "ns/op")
}

// diskRounds is how many commits a process of BenchmarkDiskIdle makes.
const diskRounds = 2000
