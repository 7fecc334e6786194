package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// reader reads JSON token by token and knows in which line it is. It goes only
// as deep as a schedule does, so that nesting costs nothing.
//
// Invariant: line is the line of data[:counted].
type reader struct {
	data    []byte
	dec     *json.Decoder
	line    int
	counted int
}

func newReader(data []byte) (*reader, error) {
	if len(data) > maxBytes {
		return nil, fmt.Errorf("the schedule is %d bytes long, more than %d; make it smaller", len(data), maxBytes)
	}
	r := &reader{data: data, dec: json.NewDecoder(bytes.NewReader(data)), line: 1}
	r.dec.UseNumber()
	if !utf8.Valid(data) {
		good := 0
		for good < len(data) {
			c, n := utf8.DecodeRune(data[good:])
			if c == utf8.RuneError && n == 1 {
				break
			}
			good += n
		}
		r.count(good)
		return nil, r.here("a byte is not UTF-8; save the file as UTF-8")
	}
	return r, nil
}

// count moves the line to the one of an offset.
func (r *reader) count(offset int) {
	if offset = min(offset, len(r.data)); offset > r.counted {
		r.line += bytes.Count(r.data[r.counted:offset], []byte("\n"))
		r.counted = offset
	}
}

// lineError is an error that says its line already.
type lineError struct {
	line int
	text string
}

func (e *lineError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.text) }

// errorf makes an error in the line of the token read last.
func (r *reader) errorf(format string, args ...any) error {
	r.count(int(r.dec.InputOffset()))
	return r.here(fmt.Sprintf(format, args...))
}

func (r *reader) here(text string) error { return &lineError{r.line, text} }

func (r *reader) twice(key string) error {
	return r.errorf("the field %q stands twice; keep one", key)
}

// within says in which element an error is.
func (r *reader) within(index int, err error) error {
	var e *lineError
	if errors.As(err, &e) && !strings.HasPrefix(e.text, notJSON) {
		return &lineError{e.line, fmt.Sprintf("faults[%d], %s", index, e.text)}
	}
	return err
}

const notJSON = "this is not JSON: "

// token returns the next token: a json.Delim, string, json.Number, bool or nil.
func (r *reader) token() (json.Token, error) {
	t, err := r.dec.Token()
	if err == nil {
		return t, nil
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		r.count(len(r.data))
		return nil, r.here(notJSON + "it ends too early; something is cut off")
	case errors.As(err, &syntax):
		r.count(int(max(syntax.Offset, r.dec.InputOffset())))
		return nil, r.here(notJSON + syntax.Error())
	}
	return nil, r.errorf(notJSON+"%v", err)
}

// object reads an object and calls field for each key; field reads the value.
func (r *reader) object(what string, field func(key string) error) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return r.errorf("%s is %s; it must be an object in { }", what, describe(t))
	}
	for {
		t, err := r.token()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return nil // the closing brace: nothing else may stand here
		}
		if err := field(key); err != nil {
			return err
		}
	}
}

// array reads an array and calls element, which reads one, until it ends.
func (r *reader) array(what string, element func() error) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return r.errorf("%s is %s; it must be a list in [ ]", what, describe(t))
	}
	for r.dec.More() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err = r.token()
	return err
}

// end refuses anything but white space after what was read.
func (r *reader) end(what string) error {
	rest := r.data[r.dec.InputOffset():]
	after := bytes.TrimLeft(rest, " \t\r\n")
	if len(after) == 0 {
		return nil
	}
	r.count(len(r.data) - len(after))
	return r.here(fmt.Sprintf("something follows after the end of the %s; remove it", what))
}

// describe says what a token is, for a sentence about a wrong type.
func describe(t json.Token) string {
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return "an object"
		}
		return "a list"
	case string:
		return "the text " + clip(t)
	case json.Number:
		return "the number " + strings.Trim(clip(t.String()), `"`)
	case bool:
		return fmt.Sprintf("%t", t)
	}
	return "null"
}
