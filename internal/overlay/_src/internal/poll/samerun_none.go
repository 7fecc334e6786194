//go:build !unix && !wasip1

package poll

// SamerunReal does nothing: pipes are those of the operating system here.
func (fd *FD) SamerunReal() {}
