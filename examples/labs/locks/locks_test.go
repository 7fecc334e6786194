package locks

import (
	"fmt"
	"math/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"labs/labrpc"
)

// service starts a server and its backup, and returns a way to get clerks.
func service(t *testing.T) (clerk func(name string) *Clerk, backup *Backup) {
	net := labrpc.MakeNetwork()
	t.Cleanup(net.Cleanup)
	connect := func(end, server string) *labrpc.ClientEnd {
		e := net.MakeEnd(end)
		net.Connect(end, server)
		net.Enable(end, true)
		return e
	}
	serve := func(name string, receiver any) {
		s := labrpc.MakeServer()
		s.AddService(labrpc.MakeService(receiver))
		net.AddServer(name, s)
	}
	backup = MakeBackup()
	serve("backup", backup)
	serve("server", MakeServer(connect("server's", "backup")))
	return func(name string) *Clerk { return MakeClerk(connect(name, "server"), name) }, backup
}

func TestLockUnlock(t *testing.T) {
	clerk, backup := service(t)
	ann, bob := clerk("ann"), clerk("bob")
	ann.Lock("door")
	if backup.holders["door"] != "ann" {
		t.Error("ann has the lock, and the backup does not know")
	}
	var passed atomic.Bool
	done := make(chan bool)
	go func() {
		bob.Lock("door")
		passed.Store(true)
		bob.Unlock("door")
		close(done)
	}()
	time.Sleep(5 * time.Millisecond)
	if passed.Load() {
		t.Error("bob has a lock that ann has")
	}
	ann.Unlock("door")
	<-done
}

// No two clients have the lock at once. They come at some time within a twentieth
// of a second.
func TestOneHolder(t *testing.T) {
	clerk, _ := service(t)
	var holders atomic.Int32
	var wg sync.WaitGroup
	for i := range 2 {
		ck := clerk(fmt.Sprint("client", i))
		wg.Go(func() {
			time.Sleep(time.Duration(rand.Int63n(int64(50 * time.Millisecond))))
			ck.Lock("door")
			if n := holders.Add(1); n > 1 {
				t.Errorf("%d clients have the lock", n)
			}
			time.Sleep(time.Millisecond)
			holders.Add(-1)
			ck.Unlock("door")
		})
	}
	wg.Wait()
}
