//go:build !edited

package keys

func start(c *cluster) {
	c.done.Add(4)
	for i := range 3 {
		go c.worker(i)
	}
	small(func() { c.worker(3) })
}
