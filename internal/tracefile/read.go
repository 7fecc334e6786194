package tracefile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"samerun/internal/text"
)

// Read reads a file, all of it. What is not as documented is an error that says in which
// line; what follows the last event is one, too.
func Read(r io.Reader) (*Trace, error) {
	lines := bufio.NewReaderSize(r, mostLine)
	line, err := next(lines, 1)
	if err != nil {
		return nil, err
	}
	t := new(Trace)
	if !bytes.HasPrefix(line, []byte(`{"format":"`+Format+`"`)) {
		return nil, fmt.Errorf("line 1 does not begin with {\"format\":\"%s\": this is no trace; samerun trace -format jsonl writes one", Format)
	}
	var of struct {
		Version int `json:"version"`
	}
	if json.Unmarshal(line, &of) == nil && of.Version > Version {
		return nil, fmt.Errorf("line 1: this trace has version %d, and this samerun knows version %d: use the samerun that wrote it, or a newer one", of.Version, Version)
	}
	if err := decode(line, &t.Header); err != nil {
		return nil, fmt.Errorf("line 1 is no header of a trace: %w", err)
	}
	lanes, err := t.Header.check()
	if err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	// The number in the header is believed only as far as lines follow.
	t.Events = make([]Event, 0, min(t.Header.Events, 4096))
	for n := 1; n <= t.Header.Events; n++ {
		line, err := next(lines, n+1)
		if err != nil {
			return nil, err
		}
		var e Event
		if err = decode(line, &e); err == nil {
			err = t.fits(&e, lanes)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d is no event of this trace: %w", n+1, err)
		}
		t.Events = append(t.Events, e)
	}
	if _, err := lines.ReadByte(); err != io.EOF {
		return nil, fmt.Errorf("line %d: there is more than the %d events that the header tells of", t.Header.Events+2, t.Header.Events)
	}
	return t, nil
}

// next returns the next line, valid until the call after.
func next(r *bufio.Reader, n int) ([]byte, error) {
	line, err := r.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, fmt.Errorf("line %d is longer than %d bytes, which no line of a trace is", n, mostLine)
	case err == io.EOF:
		return nil, fmt.Errorf("the file ends in line %d, before the end of the trace: it was not written whole", n)
	case err != nil:
		return nil, fmt.Errorf("line %d cannot be read: %w", n, err)
	case !utf8.Valid(line):
		return nil, fmt.Errorf("line %d is not UTF-8", n)
	}
	return line[:len(line)-1], nil
}

// decode reads one line. A later samerun may have written fields of which this one does not know.
func decode(line []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	if err := d.Decode(into); err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	if d.More() {
		return errors.New("something stands behind its end")
	}
	return nil
}

// check says what is wrong with a header, and returns its lanes.
func (h *Header) check() (lanes map[string]bool, err error) {
	switch {
	case h.Version < 1:
		return nil, fmt.Errorf("the version is %d; the first one was 1", h.Version)
	case h.Events < 0 || h.Events > MostEvents:
		return nil, fmt.Errorf("the number of events is %d; it lies between 0 and %d", h.Events, MostEvents)
	case h.Virtual < 0:
		return nil, fmt.Errorf("the virtual time is %d ns; it cannot be negative", h.Virtual)
	case h.World != "tasks" && h.World != "goroutines":
		return nil, fmt.Errorf("the world is %s; it is \"tasks\" or \"goroutines\"", text.Clip(h.World))
	}
	lanes = make(map[string]bool, len(h.Nodes))
	for _, name := range h.Nodes {
		if name == "" || lanes[name] {
			return nil, fmt.Errorf("the name %s of a node is empty, or stands twice", text.Clip(name))
		}
		lanes[name] = true
	}
	return lanes, nil
}

// fits says what is wrong with an event that follows those of t.
func (t *Trace) fits(e *Event, lanes map[string]bool) error {
	n := uint64(len(t.Events) + 1)
	at := int64(0)
	if n > 1 {
		at = t.Events[n-2].At
	}
	switch {
	case e.N != n:
		return fmt.Errorf("its number n is %d, and it is the %s", e.N, text.Ordinal(n))
	case e.At < at:
		return fmt.Errorf("it is at %d ns, before the event above it (%d ns)", e.At, at)
	case !isKind(e.Kind):
		return fmt.Errorf("its kind is %s, and a kind is a word of small letters", text.Clip(string(e.Kind)))
	case e.Cause >= n:
		return fmt.Errorf("its cause is event %d, which does not come before it", e.Cause)
	case e.Msg != 0 && !e.Kind.ofMessage():
		return fmt.Errorf("it has msg, and a %s is not about a message", e.Kind)
	case e.Msg >= n || e.Msg != 0 && t.Events[e.Msg-1].Kind != Send:
		return fmt.Errorf("msg is %d, which is no sending before it", e.Msg)
	case e.Began >= n || e.Began != 0 && !t.Events[e.Began-1].Kind.begins():
		return fmt.Errorf("began is %d, and there is no wait or call of that number before it", e.Began)
	case e.Size < 0 || e.Element < 0 || e.Took < 0 || e.Moment < 0:
		return errors.New("size, element, took and moment cannot be negative")
	case e.Node != "" && !lanes[e.Node]:
		return fmt.Errorf("its node %s is none of the header's", text.Clip(e.Node))
	case e.Peer != "" && !lanes[e.Peer]:
		return fmt.Errorf("its peer %s is none of the header's", text.Clip(e.Peer))
	}
	return nil
}

// isKind says whether a kind may be one, be it of a later samerun.
func isKind(k Kind) bool {
	return k != "" && len(k) <= 20 && strings.Trim(string(k), "abcdefghijklmnopqrstuvwxyz") == ""
}
