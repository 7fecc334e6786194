// Package ends has one test for each way in which a test can end badly.
package ends

import (
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestLocks takes two locks in two orders.
func TestLocks(t *testing.T) {
	t.Log("a line of the test")
	var a, b sync.Mutex
	go func() {
		a.Lock()
		time.Sleep(time.Second)
		b.Lock()
	}()
	b.Lock()
	time.Sleep(time.Second)
	a.Lock()
}

func TestChannel(t *testing.T) {
	<-make(chan int)
}

func TestPanic(t *testing.T) {
	go func() {
		time.Sleep(1500 * time.Millisecond)
		panic("out of luck")
	}()
	time.Sleep(time.Hour)
}

func TestFatal(t *testing.T) {
	go func() {
		time.Sleep(1500 * time.Millisecond)
		log.Fatal("cannot go on")
	}()
	time.Sleep(time.Hour)
}

func TestNilMap(t *testing.T) {
	go func() {
		var m map[int]int
		m[1] = 1
	}()
	time.Sleep(time.Hour)
}

func TestExit(t *testing.T) {
	time.Sleep(time.Second)
	os.Exit(3)
}

func spins() {
	for x := uint64(1); x != 0; x = 6364136223846793005*x + 1442695040888963407 {
	}
}

func TestSpin(t *testing.T) {
	go spins()
	time.Sleep(time.Hour)
}

// TestBusy never lets the clock move, but for the cost of its turns.
func TestBusy(t *testing.T) {
	done := false
	time.AfterFunc(time.Second, func() { done = true })
	for !done {
		runtime.Gosched()
	}
}

func TestFails(t *testing.T) {
	time.Sleep(2 * time.Second)
	t.Errorf("failed at %v", time.Now().UTC().Format(time.TimeOnly))
}

// TestPipe waits for real input: another process could have the end of which it asks for
// the descriptor.
func TestPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	w.Fd()
	go func() {
		w.Write([]byte("hello"))
		w.Close()
	}()
	var b [6]byte
	if n, err := r.Read(b[:]); n != 5 || err != nil {
		t.Fatal(n, err)
	}
}

// waitsForInput returns when the goroutine of a test waits for input: what is sent
// then cannot have been there before it began to wait, however busy the machine is.
// pause is called between two looks.
func waitsForInput(test string, pause func()) {
	stacks := make([]byte, 1<<20)
	for {
		all := string(stacks[:runtime.Stack(stacks, true)])
		for _, one := range strings.Split(all, "\n\n") {
			state, _, _ := strings.Cut(one, "\n")
			if strings.Contains(state, "IO wait") && strings.Contains(one, "."+test+"(") {
				return
			}
		}
		pause()
	}
}

// TestTellsAll fails, leaves a goroutine behind, waits for real input, starts another
// process, dials where nobody listens, and a Unix socket of the machine's.
func TestTellsAll(t *testing.T) {
	TestPipe(t)
	TestStarts(t)
	go func() { select {} }()
	time.Sleep(time.Second)
	if c, err := net.Dial("unix", earlyPath); err == nil {
		c.Close()
	}
	_, err := net.Dial("tcp", "127.0.0.1:1")
	t.Fatal(err)
}

// TestStarts starts another process, by its own means.
func TestStarts(t *testing.T) {
	p, err := os.StartProcess(os.Args[0], []string{os.Args[0], "-test.run=^$"}, &os.ProcAttr{})
	if err != nil {
		t.Fatal(err)
	}
	if state, err := p.Wait(); err != nil || !state.Success() {
		t.Fatal(state, err)
	}
}

// TestCommand starts two by package os/exec, one of them in a goroutine.
func TestCommand(t *testing.T) {
	done := make(chan error)
	go func() { done <- exec.Command(os.Args[0], "-test.run=^$").Run() }()
	if _, err := exec.Command(os.Args[0], "-test.run=^$").Output(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// earlyPath is the name of a Unix socket of the machine's network.
var earlyPath = func() string {
	path := filepath.Join(os.TempDir(), "so\"me\x01")
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrUnix{Name: path})
	}
	if err == nil {
		err = syscall.Listen(fd, 1)
	}
	if err != nil {
		return ""
	}
	return path
}()

// TestLeaves ends the process as if all were well.
func TestLeaves(t *testing.T) {
	time.Sleep(time.Second)
	syscall.Exit(0)
}

// early is a server from before the tests.
var early = func() net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			time.Sleep(time.Millisecond)
			c.Write([]byte("hello"))
			c.Close()
		}
	}()
	return l
}()

// TestServerFromBefore reaches it.
func TestServerFromBefore(t *testing.T) {
	c, err := net.Dial("tcp", early.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if b, err := io.ReadAll(c); string(b) != "hello" || err != nil {
		t.Fatal(string(b), err)
	}
}

// TestServerOfItsOwn is for the machine's network: the server answers when the test waits.
func TestServerOfItsOwn(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		waitsForInput("TestServerOfItsOwn", runtime.Gosched)
		c.Write([]byte("hello"))
		c.Close()
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if b, err := io.ReadAll(c); string(b) != "hello" || err != nil {
		t.Fatal(string(b), err)
	}
}

// TestPackageChannel waits at a channel from before the test, as a goroutine from before it does.
var before = func() chan int {
	c := make(chan int)
	go func() { <-c }()
	return c
}()

func TestPackageChannel(t *testing.T) {
	<-before
}

// TestOutside waits for input that does not come, from where another process could write.
func TestOutside(t *testing.T) {
	var fds [2]int
	if err := syscall.Pipe(fds[:]); err != nil {
		t.Fatal(err)
	}
	syscall.SetNonblock(fds[0], true)
	os.NewFile(uintptr(fds[0]), "pipe").Read(make([]byte, 1))
}

// TestSilentPipe waits for what nobody can write.
func TestSilentPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Read(make([]byte, 1))
}
