package exact

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"
)

// Maps are ranged over in the order of their keys' hashes, and where things lie in
// memory is chance.
func TestPointersAsKeys(t *testing.T) {
	type thing struct {
		name int
		room [50]byte
	}
	var l log
	pointers := make(map[*thing]int)
	inside := make(map[*int]bool)
	chans := make(map[chan bool]int)
	interfaces := make(map[any]int)
	structs := make(map[struct {
		n int
		p *thing
	}]int)
	arrays := make(map[[2]*thing]int)
	small := make(map[*int16]bool)
	var shared sync.Map
	var garbage [][]byte
	var mu sync.Mutex
	each(8, func(i int) {
		for j := range 40 {
			mu.Lock()
			garbage = append(garbage[:len(garbage)%50], make([]byte, 60+j))
			x := &thing{name: i*40 + j}
			pointers[x] = x.name
			inside[&x.name] = true
			chans[make(chan bool)] = x.name
			interfaces[x] = x.name
			structs[struct {
				n int
				p *thing
			}{j % 2, x}] = x.name
			arrays[[2]*thing{nil, x}] = x.name
			n := int16(x.name)
			small[&n] = true
			shared.Store(x, x.name)
			if j%3 == 0 {
				delete(pointers, x)
			}
			mu.Unlock()
		}
	})
	var all [8][]int
	for _, n := range pointers {
		all[0] = append(all[0], n)
	}
	for p := range inside {
		all[1] = append(all[1], *p)
	}
	for _, n := range chans {
		all[2] = append(all[2], n)
	}
	for p, n := range interfaces {
		all[3] = append(all[3], n)
		if pointers[p.(*thing)] != n && n%40%3 != 0 {
			t.Error(n)
		}
	}
	for _, n := range structs {
		all[4] = append(all[4], n)
	}
	for _, n := range arrays {
		all[5] = append(all[5], n)
	}
	for p := range small {
		all[6] = append(all[6], int(*p))
	}
	shared.Range(func(_, n any) bool {
		all[7] = append(all[7], n.(int))
		return true
	})
	for _, some := range all {
		l.add("%d %v", len(some), some[:8])
	}
	l.print(t)
}

// Keys that the collector takes, and whose places others get.
func TestPointersComeAndGo(t *testing.T) {
	type thing struct{ name, round int }
	var l log
	kept := make(map[*thing]int)
	var mu sync.Mutex
	each(4, func(i int) {
		for round := range 20 {
			seen := make(map[*thing]int)
			var all []*thing
			for j := range 200 {
				x := &thing{i*1000 + j, round}
				all = append(all, x)
				seen[x] = j
			}
			if round%7 == i {
				runtime.GC()
			}
			for j, x := range all {
				if seen[x] != j {
					t.Errorf("%d instead of %d", seen[x], j)
				}
			}
			mu.Lock()
			for x := range seen {
				kept[x] = round
				break
			}
			for x := range kept {
				if len(kept) > 20 {
					delete(kept, x)
				}
			}
			mu.Unlock()
		}
	})
	for x, round := range kept {
		if x.round != round {
			t.Error(x, round)
		}
		l.add("%d@%d", x.name, x.round)
	}
	l.print(t)
}

// What a context tells its children is told in the order of a map with pointers.
func TestTellsChildren(t *testing.T) {
	var l log
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Add(1)
		child, stop := context.WithTimeout(ctx, time.Duration(1+i%3)*time.Hour)
		context.AfterFunc(child, func() {
			defer wg.Done()
			l.add("%d", i)
			stop()
		})
	}
	time.Sleep(time.Hour + time.Minute)
	cancel()
	wg.Wait()
	l.print(t)
}
