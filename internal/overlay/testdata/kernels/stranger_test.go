package kernels

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"testing/synctest"
)

// TestStranger prints in which order four goroutines take a lock, beside one that takes another
// lock, unless the environment says that there is none.
func TestStranger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var wg sync.WaitGroup
		there := make(chan bool)
		var theirs, its sync.Mutex
		var order []int
		wg.Go(func() {
			there <- true
			if os.Getenv("STRANGER") == "none" {
				return
			}
			for range 40 {
				its.Lock()
				its.Unlock()
			}
		})
		<-there
		for i := range 4 {
			wg.Go(func() {
				for range 6 {
					theirs.Lock()
					order = append(order, i)
					theirs.Unlock()
				}
			})
		}
		wg.Wait()
		fmt.Println("order", order)
	})
}
