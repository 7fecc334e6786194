package screen

import (
	"crypto/rand"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"samerun/internal/text"
)

// Width keeps a line of progress on one row of a narrow terminal, where a longer
// one could not be redrawn.
const Width = 79

// plainInterval is the time between two lines of progress where lines cannot be redrawn.
const plainInterval = 5 * time.Second

// Screen writes to the user: results to standard output, progress and notes to
// standard error. On a terminal the progress is one line, redrawn in place, and
// stays below all that is printed. It is safe for concurrent use.
type Screen struct {
	out, err io.Writer
	live     bool // progress can be redrawn
	color    bool // standard output takes ANSI colours
	interval time.Duration
	mark     string // begins what Paint puts into a text; nobody else knows it

	mu       sync.Mutex
	shown    string // the line of progress on the screen, if live
	quit     chan struct{}
	finished chan struct{}
}

// New returns a screen on two outputs. term and noColor are the environment
// variables TERM and NO_COLOR.
func New(out, err io.Writer, term, noColor string) *Screen {
	sc := &Screen{
		out: out, err: err,
		live:     isTerminal(err) && term != "dumb",
		color:    isTerminal(out) && term != "dumb" && noColor == "",
		interval: plainInterval,
		mark:     "\x1b" + rand.Text(),
		quit:     make(chan struct{}),
		finished: make(chan struct{}),
	}
	if sc.live {
		sc.interval = 100 * time.Millisecond
	}
	return sc
}

// Redraws reports whether progress is one line that changes in its place.
func (sc *Screen) Redraws() bool { return sc.live }

// isTerminal reports whether w is a character device; the null device is one
// too, and nobody sees the difference.
func isTerminal(w io.Writer) bool {
	f, ok := w.(interface{ Stat() (os.FileInfo, error) })
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Start shows the line that status returns again and again, until stop.
func (sc *Screen) Start(status func() string) {
	go func() {
		defer close(sc.finished)
		ticker := time.NewTicker(sc.interval)
		defer ticker.Stop()
		for {
			select {
			case <-sc.quit:
				return
			case <-ticker.C:
				sc.status(status())
			}
		}
	}()
}

// Stop ends what start began and clears the line.
func (sc *Screen) Stop() {
	select {
	case <-sc.quit:
	default:
		close(sc.quit)
	}
	<-sc.finished
	sc.clear()
}

// Again lets the screen be started once more.
func (sc *Screen) Again() {
	sc.quit, sc.finished = make(chan struct{}), make(chan struct{})
}

// status shows a line of progress; an empty one shows nothing.
func (sc *Screen) status(line string) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	if line = text.Line(line); line == "" || line == sc.shown {
		return
	}
	if sc.live {
		sc.redraw(line)
	} else {
		io.WriteString(sc.err, line+"\n")
		sc.shown = line
	}
}

// redraw puts line in the place of the one on the screen. It overwrites with
// blanks and needs no escape codes.
func (sc *Screen) redraw(line string) {
	pad := max(0, utf8.RuneCountInString(sc.shown)-utf8.RuneCountInString(line))
	io.WriteString(sc.err, "\r"+line+strings.Repeat(" ", pad)+strings.Repeat("\b", pad))
	sc.shown = line
}

// clear takes the line of progress off a terminal.
func (sc *Screen) clear() {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.clearLocked()
}

func (sc *Screen) clearLocked() {
	if sc.live && sc.shown != "" {
		sc.redraw("")
		io.WriteString(sc.err, "\r")
	}
}

// Note writes a line to standard error, or some.
func (sc *Screen) Note(line string) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.clearLocked()
	io.WriteString(sc.err, text.Block(line)+"\n")
}

// Print writes results to standard output. What of it is not to be seen on a terminal,
// or would have effects there, is escaped as in a string of Go, but for what [Screen.Paint]
// has put into it.
func (sc *Screen) Print(s string) {
	if !sc.color {
		_, _ = sc.Write([]byte(text.Block(s)))
		return
	}
	var b strings.Builder
	for i, part := range strings.Split(s, sc.mark) {
		if i > 0 {
			code, rest, _ := strings.Cut(part, ";")
			b.WriteString("\x1b[" + strings.ReplaceAll(code, ",", ";") + "m")
			part = rest
		}
		b.WriteString(text.Block(part))
	}
	_, _ = sc.Write([]byte(b.String()))
}

// Write writes to standard output as it is; it lets a screen be an io.Writer.
func (sc *Screen) Write(p []byte) (int, error) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.clearLocked()
	return sc.out.Write(p)
}

// The colours that results use; plain has no code.
const (
	Plain = ""
	Green = "32"
	Red   = "31;1"
	Faint = "2"
)

// Paint colours text if standard output takes colours. The result is for [Screen.Print].
func (sc *Screen) Paint(code, text string) string {
	if !sc.color || code == Plain {
		return text
	}
	return sc.mark + strings.ReplaceAll(code, ";", ",") + ";" + text + sc.mark + "0;"
}
