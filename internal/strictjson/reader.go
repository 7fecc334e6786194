package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"samerun/internal/text"
)

// Reader reads JSON token by token and knows in which line it is.
//
// Invariant: line is the line of data[:counted].
type Reader struct {
	data    []byte
	dec     *json.Decoder
	line    int
	counted int
}

// NewReader returns a reader of a text. The error is that it has bytes that are no
// UTF-8.
func NewReader(data []byte) (*Reader, error) {
	r := newReader(data, 1)
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

func newReader(data []byte, line int) *Reader {
	r := &Reader{data: data, dec: json.NewDecoder(bytes.NewReader(data)), line: line}
	r.dec.UseNumber()
	return r
}

// count moves the line to the one of an offset.
func (r *Reader) count(offset int) {
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

// Errorf makes an error in the line of the token read last.
func (r *Reader) Errorf(format string, args ...any) error {
	r.count(int(r.dec.InputOffset()))
	return r.here(fmt.Sprintf(format, args...))
}

func (r *Reader) here(sentence string) error { return &lineError{r.line, sentence} }

// Within says behind the line of an error in which part of the text it is, such as
// "faults[3]". An error that the text is not JSON has no part.
func Within(part string, err error) error {
	var e *lineError
	if errors.As(err, &e) && !strings.HasPrefix(e.text, notJSON) {
		return &lineError{e.line, part + ", " + e.text}
	}
	return err
}

const notJSON = "this is not JSON: "

// token returns the next token: a json.Delim, string, json.Number, bool or nil.
func (r *Reader) token() (json.Token, error) {
	t, err := r.dec.Token()
	if err != nil {
		return nil, r.broken(err)
	}
	return t, nil
}

// broken says where the text stops being JSON.
func (r *Reader) broken(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		r.count(len(r.data))
		return r.here(notJSON + "it ends too early; something is cut off")
	case errors.As(err, &syntax):
		r.count(int(max(syntax.Offset, r.dec.InputOffset())))
		return r.here(notJSON + syntax.Error())
	}
	return r.Errorf(notJSON+"%v", err)
}

// Object reads an object and calls field for each key; field reads the value. A key
// that stands twice is an error. what names the object: "the schedule".
func (r *Reader) Object(what string, field func(key string) error) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return r.Errorf("%s is %s; it must be an object in { }", what, describe(t))
	}
	var seen keys
	for {
		t, err := r.token()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return nil // the closing brace: nothing else may stand here
		}
		if seen.again(key) {
			return r.Errorf("the field %s stands twice; keep one", text.Clip(key))
		}
		if err := field(key); err != nil {
			return err
		}
	}
}

// Array reads a list and calls element, which reads one, until it ends.
func (r *Reader) Array(what string, element func() error) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return r.Errorf("%s is %s; it must be a list in [ ]", what, describe(t))
	}
	for r.dec.More() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err = r.token()
	return err
}

// End refuses anything but white space after what was read.
func (r *Reader) End(what string) error {
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
		return "the text " + text.Clip(t)
	case json.Number:
		return "the number " + strings.Trim(text.Clip(t.String()), `"`)
	case bool:
		return fmt.Sprintf("%t", t)
	}
	return "null"
}
