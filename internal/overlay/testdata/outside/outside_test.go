//go:build linux

// Package outside has one test for each way to wait for something outside of the
// simulation: processes, descriptors, system calls, signals. Its tests pass in plain go
// test, and must pass under every seed. When run with OUTSIDE set, the binary is one of the
// processes that its tests start.
package outside

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is the Unix socket of a process that TestMain starts, which answers when it is ready.
var server struct {
	ready string // a file that is there when it is
	cmd   *exec.Cmd
}

func TestMain(m *testing.M) {
	if what := os.Getenv("OUTSIDE"); what != "" {
		child(what)
		return
	}
	dir, err := os.MkdirTemp("", "outside")
	if err != nil {
		panic(err)
	}
	if os.Getenv("SERVER") != "" {
		server.ready = filepath.Join(dir, "ready")
		server.cmd = command("server", server.ready)
		if err := server.cmd.Start(); err != nil {
			panic(err)
		}
		begin := time.Now()
		for {
			if _, err := os.Stat(server.ready); err == nil {
				break
			}
			if time.Since(begin) > 10*time.Second {
				panic("the server is not ready after ten seconds")
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	code := m.Run()
	if server.cmd != nil {
		server.cmd.Process.Kill()
		server.cmd.Wait()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// command is this binary as another process, which lives in real time.
func command(what string, args ...string) *exec.Cmd {
	return commandContext(context.Background(), what, args...)
}

func commandContext(ctx context.Context, what string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), "OUTSIDE="+what, "SAMERUN_SEED=")
	cmd.Stderr = os.Stderr
	return cmd
}

// child is what the processes do.
func child(what string) {
	switch what {
	case "server":
		time.Sleep(300 * time.Millisecond)
		os.WriteFile(os.Args[1], nil, 0o666)
		time.Sleep(time.Minute)
	case "sleep":
		ms, _ := strconv.Atoi(os.Args[1])
		time.Sleep(time.Duration(ms) * time.Millisecond)
		fmt.Println("slept")
	case "much":
		for i := range 30000 {
			fmt.Println("line", i)
		}
	case "upper":
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
			fmt.Println(strings.ToUpper(s.Text()))
		}
	case "listen":
		time.Sleep(100 * time.Millisecond)
		l, err := net.Listen("tcp", os.Args[1])
		if err != nil {
			panic(err)
		}
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		io.Copy(c, c)
	case "signal":
		time.Sleep(100 * time.Millisecond)
		syscall.Kill(os.Getppid(), syscall.SIGUSR1)
	}
}

// A process that needs a second is done within a limit of ten, and not within one of 200 ms.
func TestChildInTime(t *testing.T) {
	done := make(chan error, 1)
	cmd := command("sleep", "1000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { done <- cmd.Wait() }()
	select {
	case <-done:
		t.Fatal("too early")
	case <-time.After(200 * time.Millisecond):
	}
	select {
	case err := <-done:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the process is not done after ten seconds")
	}
}

// While one goroutine waits for a process, the others go on.
func TestChildBeside(t *testing.T) {
	ticks := 0
	stop := make(chan bool)
	go func() {
		for tick := time.Tick(10 * time.Millisecond); ; {
			select {
			case <-tick:
				ticks++
			case <-stop:
				stop <- true
				return
			}
		}
	}()
	out, err := command("sleep", "500").Output()
	if string(out) != "slept\n" || err != nil {
		t.Fatal(string(out), err)
	}
	stop <- true
	<-stop
	if ticks < 2 || ticks > 5000 {
		t.Fatal(ticks, "ticks of 10 ms in half a second")
	}
}

// Output of more than a pipe holds is copied into a buffer.
func TestChildOutput(t *testing.T) {
	var out, errs bytes.Buffer
	cmd := command("much")
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatal(err, errs.String())
	}
	if n := strings.Count(out.String(), "\n"); n != 30000 {
		t.Fatal(n)
	}
}

// A dialogue over the pipes of a process.
func TestChildDialogue(t *testing.T) {
	cmd := command("upper")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := range 20 {
		fmt.Fprintln(in, "line", i)
		if !lines.Scan() || lines.Text() != fmt.Sprint("LINE ", i) {
			t.Fatal(lines.Text(), lines.Err())
		}
	}
	in.Close()
	if lines.Scan() {
		t.Fatal(lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// A context that ends kills the process, by the clock of the test.
func TestChildKilled(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begin := time.Now()
	err := commandContext(ctx, "sleep", "60000").Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || ctx.Err() == nil {
		t.Fatal(err)
	}
	if d := time.Since(begin); d > 10*time.Second {
		t.Fatal(d)
	}
}

// Several at a time.
func TestChildren(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			out, err := command("sleep", strconv.Itoa(50*i)).Output()
			if string(out) != "slept\n" || err != nil {
				t.Error(string(out), err)
			}
		})
	}
	wg.Wait()
}

// A process that is polled, by a loop that does not even sleep.
func TestChildPolled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ready")
	cmd := command("server", file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	begin := time.Now()
	for {
		if _, err := os.Stat(file); err == nil {
			return
		}
		if time.Since(begin) > 10*time.Second {
			t.Fatal("not there after ten seconds")
		}
	}
}

// A process that listens at a port which the test has found, is asked until it is there.
func TestChildListens(t *testing.T) {
	address := freeAddress(t)
	cmd := command("listen", address)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	echo(t, address)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// Such a process can be a test of this binary, too.
func TestTestListens(t *testing.T) {
	if address := os.Getenv("LISTEN"); address != "" {
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(c, c)
		return
	}
	address := freeAddress(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestTestListens$")
	cmd.Env = append(os.Environ(), "LISTEN="+address)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	echo(t, address)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// A server of the test's own is reached as ever while a process lives.
func TestListensBesideChild(t *testing.T) {
	cmd := command("sleep", "200")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		io.Copy(c, c)
	}()
	echo(t, l.Addr().String())
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// A socket that listens and was made by system calls is the machine's, and is reached.
func TestListensByHand(t *testing.T) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 10); err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fd), "listener")
	l, err := net.FileListener(f)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		io.Copy(c, c)
	}()
	echo(t, l.Addr().String())
}

// freeAddress is one at which somebody can listen.
func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// echo asks at an address until somebody answers, who is to send back what he gets.
func echo(t *testing.T, address string) {
	begin := time.Now()
	for {
		c, err := net.Dial("tcp", address)
		if err == nil {
			defer c.Close()
			b := make([]byte, 5)
			if _, err := c.Write([]byte("hello")); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(c, b); err != nil || string(b) != "hello" {
				t.Fatal(string(b), err)
			}
			return
		}
		if time.Since(begin) > 20*time.Second {
			t.Fatal(err)
		}
		time.Sleep(25 * time.Millisecond)
	}
}

// The process that TestMain has started.
func TestServer(t *testing.T) {
	if server.cmd == nil {
		t.Skip("there is none")
	}
	if _, err := os.Stat(server.ready); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
}

// Whoever waits in a system call does not hold the others up.
func TestSystemCall(t *testing.T) {
	var p [2]int
	if err := syscall.Pipe(p[:]); err != nil {
		t.Fatal(err)
	}
	got := make(chan string)
	go func() {
		var b [10]byte
		n, _ := syscall.Read(p[0], b[:])
		got <- string(b[:n])
	}()
	time.Sleep(100 * time.Millisecond)
	syscall.Write(p[1], []byte("now"))
	select {
	case s := <-got:
		if s != "now" {
			t.Fatal(s)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it has not come after ten seconds")
	}
}

// The system stops this process for longer than anybody is patient, and what the test waits
// for comes meanwhile. TestOutsideStopped does that when it reads the line.
func TestStopped(t *testing.T) {
	name := os.Getenv("STOPPED")
	if name == "" {
		t.Skip("nobody stops it")
	}
	fd, err := syscall.Open(name, syscall.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	read := func(b []byte) (int, error) { return syscall.Read(fd, b) }
	if os.Getenv("POLLED") != "" {
		if err := syscall.SetNonblock(fd, true); err != nil {
			t.Fatal(err)
		}
		read = os.NewFile(uintptr(fd), name).Read
	}
	got := make(chan string)
	go func() {
		var b [10]byte
		n, _ := read(b[:])
		got <- string(b[:n])
	}()
	time.Sleep(100 * time.Millisecond)
	syscall.Write(1, []byte("waiting\n"))
	select {
	case s := <-got:
		if s != "now" {
			t.Fatal(s)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it has not come after ten seconds")
	}
}

// onlyVirtual is for tests that take hours in real time.
func onlyVirtual(t *testing.T) {
	if os.Getenv("SAMERUN_SEED") == "" {
		t.Skip("this takes hours")
	}
}

// A descriptor that other processes could have, at which nothing ever comes: after a
// second the clock goes on by itself.
func TestSilence(t *testing.T) {
	onlyVirtual(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	w.Fd()
	go io.Copy(io.Discard, r)
	time.Sleep(12 * time.Hour)
}

// A deadline at such a descriptor goes by the clock of the test.
func TestSilenceUntil(t *testing.T) {
	onlyVirtual(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	w.Fd()
	begin := time.Now()
	r.SetReadDeadline(begin.Add(time.Hour))
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begin).Round(time.Minute) != time.Hour {
		t.Fatal(err, time.Since(begin))
	}
}

// A signal from another process.
func TestSignalFromOutside(t *testing.T) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	defer signal.Stop(c)
	cmd := command("signal")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-c:
	case <-time.After(10 * time.Second):
		t.Fatal("it has not come after ten seconds")
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// A process that is waited for by hand.
func TestWaitByHand(t *testing.T) {
	cmd := command("sleep", "200")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	slept := make(chan bool)
	go func() { time.Sleep(10 * time.Millisecond); close(slept) }()
	var status syscall.WaitStatus
	if pid, err := syscall.Wait4(cmd.Process.Pid, &status, 0, nil); pid != cmd.Process.Pid || err != nil || status != 0 {
		t.Fatal(pid, err, status)
	}
	<-slept
}
