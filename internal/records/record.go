package records

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"samerun/internal/text"
)

// Line is one line of the record of a run. internal/overlay/_src/runtime/samerun_record.go
// has the words that it is made of.
type Line struct {
	// "test", "go", "turn", "draw", "left": ready, and without a turn when the test ends, or its node crashes or is paused; or, in the
	// record of a run of which a trace is made, "said", "waits", "woken" and "lives".
	Kind string

	Test string // of the kind test: its name
	seed uint64

	Turn   uint64   // of the others: the number of the turn, from 1
	ID     uint64   // of the goroutine
	By     uint64   // of the kind go: who starts it, or 0 for a timer; of woken: who ends the wait; of waits: who holds the lock, or 0
	Frames []string // where it stands, or is started, innermost first: "pkg.Func:31"; may be empty
	Root   string   // the outermost frame of the program's; may be empty

	At          time.Duration // of a turn: virtual time since the test began
	Pick, Ready int           // which of how many that were ready, from 0

	Waits   uint64 // of a turn, and what is left: how many that became ready later went first
	Readied uint64 // if Waits is not 0: the how manieth time it is that the goroutine is ready, from 1

	Stream string // of a draw: user, map, select, timer, point, stall, start or delay
	Nth    uint64 // the number of the draw in the stream of this goroutine, from 1
	In     string // of point, stall and start: the function to which Nth belongs, such as "(*Raft).tick"
	Value  uint64

	Why  string // of the kind waits: for what, such as sync.Mutex.Lock
	On   uint64 // and at which address, 0 if there is none
	Node uint64 // of the kind lives: the number of the node
	Said string // of the kind said: what is written to Stream, which is out, err, or log
}

// errLine is the error for a line that is none of a record.
func errLine(line string) error {
	return fmt.Errorf("%q is no line of a record; the tool and the overlay must be of one version", text.Cut(line, 120))
}

// Parse reads a line of a record, with or without its newline.
func Parse(text string) (Line, error) {
	w := wordCutter{rest: strings.TrimSuffix(text, "\n")}
	l := Line{Kind: w.next()}
	switch l.Kind {
	case "test":
		l.Test = w.next()
		w.want("seed")
		l.seed = w.decimal()
	case "turn":
		l.Turn = w.decimal()
		l.At = w.seconds()
		l.Pick, l.Ready = w.fraction()
		l.ID = w.hex()
	case "draw":
		l.Turn = w.decimal()
		l.Stream = w.next()
		nth, in, _ := strings.Cut(w.next(), "@")
		l.Nth, l.In = w.number(nth, 10, 64), in
		l.Value = w.hex()
		l.ID = w.hex()
	case "go":
		l.Turn = w.decimal()
		l.ID = w.hex()
		l.By = w.hex()
	case "left":
		l.Turn = w.decimal()
		l.At = w.seconds()
		w.next() // "-/5": none of those that were ready
		l.ID = w.hex()
	case "waits":
		l.Turn = w.decimal()
		l.At = w.seconds()
		l.ID = w.hex()
		l.Why = strings.ReplaceAll(w.next(), "_", " ")
		l.On = w.hex()
		l.By = w.hex()
	case "woken":
		l.Turn = w.decimal()
		l.At = w.seconds()
		l.ID = w.hex()
		l.By = w.hex()
	case "lives":
		l.Turn = w.decimal()
		l.ID = w.hex()
		l.Node = w.decimal()
	case "said":
		l.Turn = w.decimal()
		l.At = w.seconds()
		l.ID = w.hex()
		l.Stream = w.next()
		said, err := strconv.Unquote(w.rest)
		w.rest, w.bad, l.Said = "", w.bad || err != nil || w.rest[0] != '"', said
	default:
		w.bad = true
	}
	if l.Kind != "draw" && strings.HasPrefix(w.rest, "+") {
		waits, readied, _ := strings.Cut(w.next(), "@")
		l.Waits, l.Readied = w.number(waits[1:], 10, 32), w.number(readied, 10, 64)
		w.bad = w.bad || l.Waits == 0 || l.Readied == 0
	}
	if w.bad {
		return Line{}, errLine(text)
	}
	if l.Kind != "test" && w.rest != "" {
		var frames string
		frames, l.Root, _ = strings.Cut(w.rest, " .. ")
		l.Frames = strings.Split(frames, " < ")
		if l.Root == "" {
			l.Root = l.Frames[len(l.Frames)-1]
		}
	}
	return l, nil
}

// wordCutter takes the words of a line off its front. bad is set, and stays so, once
// one was not as it must be.
type wordCutter struct {
	rest string
	bad  bool
}

func (w *wordCutter) next() string {
	word, rest, _ := strings.Cut(w.rest, " ")
	w.rest = rest
	w.bad = w.bad || word == ""
	return word
}

func (w *wordCutter) want(word string) { w.bad = w.next() != word || w.bad }

func (w *wordCutter) number(word string, base, bits int) uint64 {
	n, err := strconv.ParseUint(word, base, bits)
	w.bad = w.bad || err != nil
	return n
}

func (w *wordCutter) decimal() uint64 { return w.number(w.next(), 10, 64) }

func (w *wordCutter) hex() uint64 { return w.number(w.next(), 16, 64) }

// fraction reads 3/5.
func (w *wordCutter) fraction() (n, of int) {
	a, b, _ := strings.Cut(w.next(), "/")
	n, of = int(w.number(a, 10, 31)), int(w.number(b, 10, 31))
	w.bad = w.bad || n >= of
	return n, of
}

// seconds reads 0.001200000s. The tool never computes with a floating-point number.
func (w *wordCutter) seconds() time.Duration {
	whole, part, _ := strings.Cut(strings.TrimSuffix(w.next(), "s"), ".")
	if len(part) > 9 {
		w.bad = true
		return 0
	}
	ns := w.number(part+strings.Repeat("0", 9-len(part)), 10, 32)
	const most = uint64(1<<63-1)/1e9 - 1
	s := w.number(whole, 10, 64)
	w.bad = w.bad || s > most
	return time.Duration(s%(most+1))*time.Second + time.Duration(ns)
}

// Reader reads a file of any size line by line, in the memory of its longest line.
type Reader struct {
	r      *bufio.Reader
	long   []byte
	offset int64 // of the line that comes next
}

func NewReader(r io.Reader) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, 1<<16)}
}

// Next returns the next line without its newline; it is valid until the call after. A
// last line without newline does not count: who wrote it was killed over it. The error
// at the end is io.EOF.
func (l *Reader) Next() ([]byte, error) {
	l.long = l.long[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		l.offset += int64(len(part))
		switch {
		case err == nil && len(l.long) == 0:
			return part[:len(part)-1], nil
		case err == nil:
			l.long = append(l.long, part[:len(part)-1]...)
			return l.long, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
		l.long = append(l.long, part...)
	}
}

// Section is the part of a record that is about one test.
type Section struct {
	Test         string
	Offset, Size int64 // in bytes, its head included
	Turns, Draws uint64
}

// ReadSections finds the tests of a record, in their order.
func ReadSections(r io.Reader) ([]Section, error) {
	var all []Section
	lines := NewReader(r)
	for {
		start := lines.offset
		line, err := lines.Next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("a record cannot be read: %w", err)
		}
		if bytes.HasPrefix(line, []byte("test ")) {
			l, err := Parse(string(line))
			if err != nil {
				return nil, err
			}
			all = append(all, Section{Test: l.Test, Offset: start})
		}
		if len(all) == 0 {
			return nil, errLine(string(line))
		}
		s := &all[len(all)-1]
		s.Size = lines.offset - s.Offset
		switch {
		case bytes.HasPrefix(line, []byte("turn ")):
			s.Turns++
		case bytes.HasPrefix(line, []byte("draw ")):
			s.Draws++
		}
	}
}
