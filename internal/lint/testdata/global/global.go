package global

import (
	"errors"
	"reflect"
	"regexp"
	"sync"
	"sync/atomic"
	"time"
)

var (
	cache   = map[string]int{}              // want:global
	list    []string                        // want:global
	current *int                            // want:global
	events  chan int                        // want:global
	mu      sync.Mutex                      // want:global
	next    atomic.Int64                    // want:global
	any1    any                         = 3 // want:global
	nested  [2]struct{ m sync.RWMutex }     // want:global
)

var Exported = 3 // want:global

var counter int // want:global

var pointedAt int // want:global

var array [4]int // want:global

var sliced [4]int // want:global

var errChanged = errors.New("x") // want:global

type box struct{ n int }

func (b *box) set() { b.n = 1 }

var boxed box // want:global

func change() {
	counter++
	_ = &pointedAt
	array[1] = 2
	_ = sliced[:]
	errChanged = nil
	boxed.set()
}

var (
	ErrFine  = errors.New("fine")
	pattern  = regexp.MustCompile("x")
	errType  = reflect.TypeFor[error]()
	primes   = [...]int{2, 3, 5}
	epoch    = time.Unix(0, 0)
	fromInit int
	double               = func(n int) int { return 2 * n }
	_        sync.Locker = (*sync.Mutex)(nil)
)

func init() { fromInit = 3 }

func shadow() {
	counter := 1
	counter++
	local := primes
	local[0] = 7
	println(double(counter), fromInit, pattern, errType, epoch.Unix())
}
