package bugs

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// account is guarded by its own lock.
type account struct {
	mu    sync.Mutex
	cents int
}

func (a *account) pay(cents int, to *account) {
	a.mu.Lock()
	defer a.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	a.cents -= cents
	to.cents += cents
}

// Two accounts pay each other: each payment locks the payer first.
func TestCrossPayments(t *testing.T) {
	ann, bob := &account{cents: 10}, &account{cents: 10}
	together(func() { ann.pay(3, bob) }, func() { bob.pay(4, ann) })
	want(t, "ann has", ann.cents, 11)
}

// Three accounts pay in a circle: each pair of them has one order, all three have none.
func TestCircleOfPayments(t *testing.T) {
	a, b, c := &account{cents: 10}, &account{cents: 10}, &account{cents: 10}
	together(func() { a.pay(1, b) }, func() { b.pay(2, c) }, func() { c.pay(3, a) })
	want(t, "a has", a.cents, 12)
}

// session is closed by its peer at any time.
type session struct {
	closed atomic.Bool
}

type sessions struct {
	mu   sync.Mutex
	open map[int]*session
}

func (s *sessions) drop(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, id)
}

// ping looks after all sessions with the lock held, and drops what is closed: drop
// takes the lock again.
func (s *sessions) ping() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, one := range s.open {
		if one.closed.Load() {
			s.drop(id)
		}
	}
}

func TestLockedTwice(t *testing.T) {
	one := new(session)
	all := &sessions{open: map[int]*session{1: one}}
	together(
		func() { all.ping() },
		func() {
			time.Sleep(time.Millisecond)
			one.closed.Store(true)
		},
	)
}

// prices is read much and written seldom.
type prices struct {
	mu sync.RWMutex
	of map[string]int
}

func (p *prices) get(name string) int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.of[name]
}

// sum takes the lock for reading and calls get, which does, too: a writer that comes
// in between waits for the first, and the second waits for the writer.
func (p *prices) sum(names ...string) (cents int) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, name := range names {
		cents += p.get(name)
	}
	return cents
}

func (p *prices) set(name string, cents int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of[name] = cents
}

func TestReaderReadsAgain(t *testing.T) {
	p := &prices{of: map[string]int{"tea": 2, "milk": 1}}
	together(func() { p.set("tea", 2) }, func() { want(t, "the sum", p.sum("tea", "milk"), 3) })
}

// Two readers of two tables, and a writer of each: no writer waits for another, but the
// readers hold one table for reading while they ask for the other.
func TestReadersAcross(t *testing.T) {
	var tea, milk sync.RWMutex
	read := func(first, second *sync.RWMutex) func() {
		return func() {
			for range 3 {
				first.RLock()
				second.RLock()
				second.RUnlock()
				first.RUnlock()
			}
		}
	}
	write := func(mu *sync.RWMutex) func() {
		return func() {
			mu.Lock()
			mu.Unlock() //nolint:staticcheck // what it writes does not matter
		}
	}
	together(read(&tea, &milk), read(&milk, &tea), write(&tea), write(&milk))
}

// mailbox hands its letters out over a channel without a buffer.
type mailbox struct {
	mu      sync.Mutex
	sent    int
	letters chan string
}

// post holds the lock until somebody takes the letter.
func (m *mailbox) post(letter string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters <- letter
	m.sent++
}

func TestLockHeldOverSend(t *testing.T) {
	m := &mailbox{letters: make(chan string)}
	together(
		func() {
			time.Sleep(time.Millisecond)
			m.post("hello")
		},
		func() {
			m.mu.Lock() // how many are there already?
			before := m.sent
			m.mu.Unlock()
			<-m.letters
			want(t, "letters before the first", before, 0)
		},
	)
}

// lease ends by itself, unless it is given back before.
type lease struct {
	mu    sync.Mutex
	over  chan struct{}
	timer *time.Timer
}

func newLease(d time.Duration) *lease {
	l := &lease{over: make(chan struct{})}
	l.timer = time.AfterFunc(d, func() {
		steps(20)
		l.mu.Lock()
		defer l.mu.Unlock()
		close(l.over)
	})
	return l
}

// giveBack waits for a timer that is running off already, with the lock that this
// one needs.
func (l *lease) giveBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.timer.Stop() {
		<-l.over
	}
}

func TestStopUnderLock(t *testing.T) {
	l := newLease(time.Millisecond)
	time.Sleep(2 * time.Millisecond)
	l.giveBack()
}

// Whoever waits for a group holds the lock that the last of the group needs.
func TestWaitUnderLock(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	total := 0
	for i := range 3 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			total += i
		})
	}
	time.Sleep(200 * time.Microsecond)
	mu.Lock()
	defer mu.Unlock()
	wg.Wait()
	want(t, "the total", total, 3)
}

// settings are loaded once, and loading takes the lock; whoever holds the lock may be
// the one who needs them loaded.
type settings struct {
	mu   sync.Mutex
	once sync.Once
	port int
}

func (s *settings) load() {
	s.once.Do(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.port = 80
	})
}

// loaded was written when load needed no lock.
func (s *settings) loaded() int {
	s.load()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.port
}

func (s *settings) move(port int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.port == 0 {
		s.load()
	}
	s.port = port
}

func TestOnceAndLock(t *testing.T) {
	s := new(settings)
	together(
		func() { want(t, "the port is set", min(s.loaded(), 1), 1) },
		func() {
			s.mu.Lock()
			known := s.port != 0
			s.mu.Unlock()
			if known {
				s.move(8080)
			} else {
				time.Sleep(300 * time.Microsecond) // the other one loads it meanwhile
				s.move(8080)
			}
		},
	)
}

// A lock is not given back on the way out that is seldom taken.
func TestReturnWithLock(t *testing.T) {
	var mu sync.Mutex
	stock := 3
	take := func() bool {
		mu.Lock()
		if stock < 2 {
			return false
		}
		stock -= 2
		mu.Unlock()
		return true
	}
	refill := func() {
		mu.Lock()
		stock += 2
		mu.Unlock()
	}
	together(
		func() { take() },
		refill,
		func() {
			time.Sleep(200 * time.Microsecond)
			take()
		},
	)
}

// Two clerks lock each other out while a clock beside them ticks on: nothing stands
// still but they.
func TestPartLocked(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}()
	left, right := &account{cents: 5}, &account{cents: 5}
	together(func() { left.pay(1, right) }, func() { right.pay(1, left) })
}
