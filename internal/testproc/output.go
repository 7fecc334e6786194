package testproc

import (
	"io"
	"os"
	"os/exec"
	"time"

	"samerun/internal/gocmd"
)

// How long what a process has printed may take to arrive when it has ended, and how long those
// may take that it had started, once they were told to end.
const (
	lastWords = 100 * time.Millisecond
	lastChild = 2 * time.Second
)

// output carries what a process prints. Package os/exec could do that, but does not tell that
// somebody still holds the pipe, and waits for them without ending them.
type output struct {
	read, write *os.File
	copied      chan struct{} // closed when all has arrived
}

// attach makes the pipe for the standard output and the standard error of a process.
func attach(cmd *exec.Cmd, to io.Writer) (*output, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	o := &output{r, w, make(chan struct{})}
	cmd.Stdout, cmd.Stderr = w, w
	go func() {
		defer close(o.copied)
		io.Copy(to, r)
	}()
	return o, nil
}

// started closes our end for writing, so that the pipe ends with the process.
func (o *output) started() { o.write.Close() }

// end waits until all has arrived that a process which has ended has printed. Processes that it
// had started, and that hold the pipe, would make this last: end ends them, if they are of its
// group, and reports that there were some.
func (o *output) end(cmd *exec.Cmd) (outlived bool) {
	defer o.read.Close()
	if o.within(lastWords) {
		return false
	}
	// A busy machine may be that slow, too: then there is nobody.
	outlived = cmd != nil && gocmd.EndGroup(cmd)
	if !o.within(lastChild) {
		outlived = true
		o.read.Close() // they have a group of their own, and go on
		<-o.copied
	}
	return outlived
}

func (o *output) within(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-o.copied:
		return true
	case <-timer.C:
		return false
	}
}
