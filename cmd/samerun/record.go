package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// recordLine is one line of the record of a run. internal/overlay/_src/runtime/samerun_record.go
// has the words that it is made of.
type recordLine struct {
	kind string // "test", "turn", "draw", or "left": ready, and without a turn at the end

	test string // of the kind test: its name
	seed uint64

	turn   uint64   // of the others: the number of the turn, from 1
	id     uint64   // of the goroutine
	frames []string // where it stands, innermost first: "pkg.Func:31"; may be empty

	at          time.Duration // of a turn: virtual time since the test began
	pick, ready int           // which of how many that were ready, from 0

	waits   uint64 // of a turn, and what is left: how many that became ready later went first
	readied uint64 // if waits is not 0: the how manieth time it is that the goroutine is ready, from 1

	stream string // of a draw: user, map, select, timer, point, stall or delay
	nth    uint64 // the number of the draw in the stream of this goroutine, from 1
	value  uint64
}

// errRecordLine is the error for a line that is none of a record.
func errRecordLine(line string) error {
	return fmt.Errorf("%q is no line of a record; the tool and the overlay must be of one version", excerptOf(line, 120))
}

// parseRecordLine reads a line of a record, with or without its newline.
func parseRecordLine(text string) (recordLine, error) {
	w := wordCutter{rest: strings.TrimSuffix(text, "\n")}
	l := recordLine{kind: w.next()}
	switch l.kind {
	case "test":
		l.test = w.next()
		w.want("seed")
		l.seed = w.decimal()
	case "turn":
		l.turn = w.decimal()
		l.at = w.seconds()
		l.pick, l.ready = w.fraction()
		l.id = w.hex()
	case "draw":
		l.turn = w.decimal()
		l.stream = w.next()
		l.nth = w.decimal()
		l.value = w.hex()
		l.id = w.hex()
	case "left":
		l.turn = w.decimal()
		l.at = w.seconds()
		w.next() // "-/5": none of those that were ready
		l.id = w.hex()
	default:
		w.bad = true
	}
	if l.kind != "draw" && strings.HasPrefix(w.rest, "+") {
		waits, readied, _ := strings.Cut(w.next(), "@")
		l.waits, l.readied = w.number(waits[1:], 10, 32), w.number(readied, 10, 64)
		w.bad = w.bad || l.waits == 0 || l.readied == 0
	}
	if w.bad {
		return recordLine{}, errRecordLine(text)
	}
	if l.kind != "test" && w.rest != "" {
		l.frames = strings.Split(w.rest, " < ")
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

// lineReader reads a file of any size line by line, in the memory of its longest line.
type lineReader struct {
	r      *bufio.Reader
	long   []byte
	offset int64 // of the line that comes next
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 1<<16)}
}

// next returns the next line without its newline; it is valid until the call after. A
// last line without newline does not count: who wrote it was killed over it. The error
// at the end is io.EOF.
func (l *lineReader) next() ([]byte, error) {
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

// section is the part of a record that is about one test.
type section struct {
	test         string
	offset, size int64 // in bytes, its head included
	turns, draws uint64
}

// readSections finds the tests of a record, in their order.
func readSections(r io.Reader) ([]section, error) {
	var all []section
	lines := newLineReader(r)
	for {
		start := lines.offset
		line, err := lines.next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("a record cannot be read: %w", err)
		}
		if bytes.HasPrefix(line, []byte("test ")) {
			l, err := parseRecordLine(string(line))
			if err != nil {
				return nil, err
			}
			all = append(all, section{test: l.test, offset: start})
		}
		if len(all) == 0 {
			return nil, errRecordLine(string(line))
		}
		s := &all[len(all)-1]
		s.size = lines.offset - s.offset
		switch {
		case bytes.HasPrefix(line, []byte("turn ")):
			s.turns++
		case bytes.HasPrefix(line, []byte("draw ")):
			s.draws++
		}
	}
}
