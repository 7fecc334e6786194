// Package inside has one small workload for each thing of the operating system that is
// part of the simulation as long as it stays in the process: pipes, signals that a
// process sends to itself, and what the collector of memory finds. Each prints what
// came of it; the test of the overlay wants one output for each seed.
package inside

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// begin is when a test began, by its clock.
func since(begin time.Time) time.Duration { return time.Since(begin).Round(time.Millisecond) }

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w
}

// Who waits at a pipe lets time pass.
func TestPipeCapture(t *testing.T) {
	r, w := pipe(t)
	begin := time.Now()
	var got strings.Builder
	done := make(chan struct{})
	go func() { io.Copy(&got, r); close(done) }()
	io.WriteString(w, "one ")
	time.Sleep(10 * time.Second)
	io.WriteString(w, "two")
	w.Close()
	<-done
	if got.String() != "one two" || since(begin) < 10*time.Second || since(begin) > 11*time.Second {
		t.Fatal(got.String(), since(begin))
	}
	fmt.Println(t.Name(), time.Since(begin))
}

// What a program prints is captured.
func TestPipeStdout(t *testing.T) {
	r, w := pipe(t)
	old := os.Stdout
	os.Stdout = w
	out := make(chan string)
	go func() {
		b, _ := io.ReadAll(r)
		out <- string(b)
	}()
	for i := range 20000 {
		fmt.Println("line", i) // more than a pipe holds
	}
	os.Stdout = old
	w.Close()
	s := <-out
	if n := strings.Count(s, "\n"); n != 20000 {
		t.Fatal(n)
	}
	fmt.Println(t.Name(), len(s))
}

// Many who write, one who reads: whose lines come when is the seed's.
func TestPipeWriters(t *testing.T) {
	r, w := pipe(t)
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			for j := range 8 {
				time.Sleep(time.Duration(j%3) * time.Millisecond)
				fmt.Fprintf(w, "%d.%d\n", i, j)
			}
		})
	}
	go func() { wg.Wait(); w.Close() }()
	var lines []string
	for s := bufio.NewScanner(r); s.Scan(); {
		lines = append(lines, s.Text())
	}
	if len(lines) != 40 {
		t.Fatal(lines)
	}
	fmt.Println(t.Name(), lines)
}

// A pipe that is full holds its writer up, in virtual time.
func TestPipeFull(t *testing.T) {
	r, w := pipe(t)
	begin := time.Now()
	var wrote time.Duration
	done := make(chan error)
	go func() {
		_, err := w.Write(make([]byte, 300_000))
		wrote = since(begin)
		w.Close()
		done <- err
	}()
	b := make([]byte, 50_000)
	total := 0
	for {
		time.Sleep(time.Second)
		n, err := r.Read(b)
		total += n
		if err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil || total != 300_000 || wrote < 4*time.Second {
		t.Fatal(err, total, wrote)
	}
	fmt.Println(t.Name(), wrote, time.Since(begin))
}

// Two goroutines in a dialogue, over two pipes.
func TestPipeDialogue(t *testing.T) {
	r1, w1 := pipe(t)
	r2, w2 := pipe(t)
	go func() {
		defer w2.Close()
		for s := bufio.NewScanner(r1); s.Scan(); {
			time.Sleep(time.Millisecond)
			fmt.Fprintln(w2, "echo", s.Text())
		}
	}()
	answers := bufio.NewScanner(r2)
	for i := range 20 {
		fmt.Fprintln(w1, i)
		if !answers.Scan() || answers.Text() != fmt.Sprint("echo ", i) {
			t.Fatal(answers.Text(), answers.Err())
		}
	}
	w1.Close()
	if answers.Scan() {
		t.Fatal(answers.Text())
	}
	fmt.Println(t.Name(), time.Now())
}

// Deadlines go by the clock of the test.
func TestPipeDeadlines(t *testing.T) {
	r, w := pipe(t)
	begin := time.Now()
	r.SetReadDeadline(begin.Add(3 * time.Second))
	var b [10]byte
	if n, err := r.Read(b[:]); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) || since(begin) != 3*time.Second {
		t.Fatal(n, err, since(begin))
	}
	if _, err := r.Read(b[:]); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err) // for good
	}
	r.SetReadDeadline(time.Time{})
	go func() { time.Sleep(time.Second); w.Write([]byte("late")) }()
	if n, err := r.Read(b[:]); n != 4 || err != nil {
		t.Fatal(n, err)
	}
	// One that is put off while somebody waits, and one that is brought forward.
	go func() { time.Sleep(time.Second); r.SetReadDeadline(time.Now().Add(5 * time.Second)) }()
	r.SetReadDeadline(time.Now().Add(2 * time.Second))
	at := time.Now()
	if _, err := r.Read(b[:]); !errors.Is(err, os.ErrDeadlineExceeded) || since(at) != 6*time.Second {
		t.Fatal(err, since(at))
	}
	go func() { time.Sleep(time.Second); r.SetReadDeadline(time.Unix(1, 0)) }()
	r.SetReadDeadline(time.Now().Add(time.Hour))
	at = time.Now()
	if _, err := r.Read(b[:]); !errors.Is(err, os.ErrDeadlineExceeded) || since(at) != time.Second {
		t.Fatal(err, since(at))
	}
	w.SetWriteDeadline(time.Now().Add(time.Second))
	at = time.Now()
	if n, err := w.Write(make([]byte, 1<<20)); n == 0 || !errors.Is(err, os.ErrDeadlineExceeded) || since(at) != time.Second {
		t.Fatal(n, err, since(at))
	}
	fmt.Println(t.Name(), time.Since(begin))
}

// The end of a pipe that closes is seen at the other.
func TestPipeEnds(t *testing.T) {
	r, w := pipe(t)
	go func() { time.Sleep(time.Second); r.Close() }()
	if n, err := w.Write(make([]byte, 1<<20)); n == 0 || !errors.Is(err, syscall.EPIPE) {
		t.Fatal(n, err)
	}
	if _, err := w.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
		t.Fatal(err)
	}
	// Who closes the end at which somebody waits ends the wait.
	r2, _ := pipe(t)
	go func() { time.Sleep(time.Second); r2.Close() }()
	if _, err := r2.Read(make([]byte, 1)); !errors.Is(err, os.ErrClosed) {
		t.Fatal(err)
	}
	r3, w3 := pipe(t)
	go func() { time.Sleep(time.Second); w3.Close() }()
	w3.Write([]byte("rest"))
	if b, err := io.ReadAll(r3); string(b) != "rest" || err != nil {
		t.Fatal(string(b), err)
	}
	if n, err := r3.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Fatal(n, err)
	}
	fmt.Println(t.Name(), time.Now())
}

// The descriptor of an end can be used, and the pipe goes on working.
func TestPipeDescriptor(t *testing.T) {
	r, w := pipe(t)
	got := make(chan string)
	go func() {
		b, _ := io.ReadAll(r)
		got <- string(b)
	}()
	time.Sleep(time.Second) // it waits in the simulation
	fd, err := syscall.Dup(int(w.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	syscall.Write(fd, []byte("by hand"))
	syscall.Close(fd)
	if s := <-got; s != "by hand" {
		t.Fatal(s)
	}
}

// What is copied from a pipe to a socket of the test and back goes through the simulation.
func TestPipeToSocket(t *testing.T) {
	r, w := pipe(t)
	begin := time.Now()
	a, b := connected(t)
	go func() {
		io.Copy(a, r)
		a.Close()
	}()
	back, out := pipe(t)
	go func() {
		io.Copy(out, b)
		out.Close()
	}()
	go func() {
		for i := range 5 {
			time.Sleep(time.Second)
			fmt.Fprint(w, i)
		}
		w.Close()
	}()
	s, err := io.ReadAll(back)
	if string(s) != "01234" || err != nil {
		t.Fatal(string(s), err)
	}
	fmt.Println(t.Name(), time.Since(begin))
}
