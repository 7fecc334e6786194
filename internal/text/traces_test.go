package text

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What the runtime prints, and what of it is told.
func TestPlainTraces(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a panic", `panic: send on closed channel
samerun: TestX: seed 1, virtual time 0.000020s, turn 2

goroutine 39 [running, synctest bubble 1]:
w.(*box).send(0xc00001c0a8?, {0x1, 0x2})
	/home/a b/w_test.go:17 +0x1d
w.TestX.func1()
	/home/a b/w_test.go:24
created by w.TestX in goroutine 8
	/home/a b/w_test.go:25 +0xe6
exit status 2`, `panic: send on closed channel
samerun: TestX: seed 1, virtual time 0.000020s, turn 2

goroutine 1 [running]:
w.(*box).send(...)
	/home/a b/w_test.go:17
w.TestX.func1()
	/home/a b/w_test.go:24
created by w.TestX in goroutine 2
	/home/a b/w_test.go:25
exit status 2`},
		{"a panic's value", "panic: (*w.box) 0x4000123456 [recovered]\n\tpanic: w.e{0xc000012345, 0x7}\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x8 pc=0x4f3a21]\n",
			"panic: (*w.box) 0x#1 [recovered]\n\tpanic: w.e{0x#2, 0x7}\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x8]\n"},
		{"a fatal error", `fatal error: sync: unlock of unlocked mutex
samerun: TestX: seed 1, virtual time 0s, turn 1

runtime stack:
runtime.throw({0x5d21f2?, 0x0?})
	/go/panic.go:1094 +0x48 fp=0x7ffd sp=0x7ff0 pc=0x4

goroutine 8 gp=0xc000003c0 m=0 mp=0x7f0e0 [running]:
w.TestX(0xc000003c0)
	/w_test.go:3 +0x1 fp=0x1 sp=0x2 pc=0x3

goroutine 1 [chan receive (durable), 2 minutes, synctest bubble 1]:
testing.(*T).Run(0x1)
	/go/testing.go:1 +0x2

goroutine 9 [sleep]:
time.Sleep(0x1)
	/go/time.go:1 +0x2
created by w.TestX in goroutine 8
	/w_test.go:2 +0x1

the end`, `fatal error: sync: unlock of unlocked mutex
samerun: TestX: seed 1, virtual time 0s, turn 1

goroutine 1 [running]:
w.TestX(...)
	/w_test.go:3

the end`},
		{"a race", `==================
WARNING: DATA RACE
Write at 0x00c00012c010 by goroutine 9:
  w.TestX.func2()
      /w_test.go:9 +0x44

Previous read at 0x00c00012c010 by main goroutine:
  w.TestX()
      /w_test.go:8 +0x44

Goroutine 9 (running) created at:
  w.TestX()
      /w_test.go:7 +0x7a
==================`, `==================
WARNING: DATA RACE
Write at 0x#1 by goroutine 1:
  w.TestX.func2()
      /w_test.go:9

Previous read at 0x#1 by main goroutine:
  w.TestX()
      /w_test.go:8

Goroutine 1 (running) created at:
  w.TestX()
      /w_test.go:7
==================`},
		{"the limit of time", "panic: test timed out after 1s\n\trunning tests:\n\t\tTestX (1s)\n\ngoroutine 17 [running]:\ntesting.x()\n\t/a.go:1 +0x1\n\ngoroutine 1 [select]:\nf()\n\t/b.go:2\n",
			"panic: test timed out after 1s\n\trunning tests:\n\t\tTestX (1s)\n"},
		{"what a program prints", "x_test.go:7: mask 0xffffffff at 0xc000012345, then 0xc000012346 and 0xc000012345\nf(0x1)\n\tno file\ngoroutine 7 is mine",
			"x_test.go:7: mask 0xffffffff at 0x#1, then 0x#2 and 0x#1\nf(0x1)\n\tno file\ngoroutine 7 is mine"},
	} {
		got := PlainTraces(c.in)
		if got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
		if again := PlainTraces(got); again != got {
			t.Errorf("%s: a second time it becomes\n%s", c.name, again)
		}
	}
}

// Two outputs that differ in numbers of goroutines, addresses and offsets alone are told
// alike.
func TestPlainTracesAreAlike(t *testing.T) {
	const output = "panic: (*w.box) 0xc000A000000\n\ngoroutine G1 [running]:\nw.f(0xc000A000000, 0xF00001)\n\t/w.go:1 +0xF0\nw.g(...)\n\t/w.go:2 +0xF1\ncreated by w.h in goroutine G2\n\t/w.go:3 +0xF2\n" +
		"Read at 0x00c000A111111 by goroutine G1:\nPrevious write at 0x00c000A111111 by goroutine G2:\nGoroutine G2 (finished) created at:\nlog of 0xc000A222222\n"
	parts := regexp.MustCompile(`A\d+|G\d|F\d+`)
	rapid.Check(t, func(t *rapid.T) {
		variant := func(name string) string {
			shift := rapid.IntRange(0, 8000).Draw(t, name)
			return parts.ReplaceAllStringFunc(output, func(part string) string {
				digits := "0123456789abcdef"
				var b strings.Builder
				for i, c := range part[1:] {
					b.WriteByte(digits[(int(c-'0')+shift>>(i%3))%10])
				}
				if part[0] == 'G' {
					return "1" + b.String()
				}
				return b.String()
			})
		}
		a, b := variant("a"), variant("b")
		if PlainTraces(a) != PlainTraces(b) {
			t.Fatalf("%s\nand\n%s", PlainTraces(a), PlainTraces(b))
		}
	})
}
