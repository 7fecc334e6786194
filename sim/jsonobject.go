package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// jsonField is one field of an object, not yet understood.
type jsonField struct {
	name string
	raw  json.RawMessage
	line int // in which the value begins
}

// readObject takes a JSON object apart, which must be all there is, and refuses
// fields that stand twice. It goes no deeper.
func readObject(data []byte) ([]jsonField, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	line, counted := 1, 0
	count := func(to int) int {
		to = min(max(to, counted), len(data))
		line += bytes.Count(data[counted:to], []byte("\n"))
		counted = to
		return line
	}
	broken := func(err error) error {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("it ends too early; it was cut off, or is empty")
		}
		return fmt.Errorf("it is not JSON, line %d: %w", count(int(dec.InputOffset())), err)
	}
	t, err := dec.Token()
	if err != nil {
		return nil, broken(err)
	}
	if t != json.Delim('{') {
		return nil, errors.New("it is no JSON object; replay files begin with {")
	}
	var fields []jsonField
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, broken(err)
		}
		f := jsonField{name: t.(string)} // the decoder allows nothing else here
		if err := dec.Decode(&f.raw); err != nil {
			return nil, broken(err)
		}
		f.line = count(int(dec.InputOffset()) - len(f.raw))
		if seen[f.name] {
			return nil, f.errorf("it stands twice; keep one")
		}
		seen[f.name] = true
		fields = append(fields, f)
	}
	if _, err := dec.Token(); err != nil {
		return nil, broken(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("something stands behind its end; delete that")
	}
	return fields, nil
}

// clip quotes a text, and shortens a long one.
func clip(s string) string {
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	return strconv.Quote(s)
}

func (f jsonField) errorf(format string, args ...any) error {
	return fmt.Errorf("the field %s, line %d: %s", clip(f.name), f.line, fmt.Sprintf(format, args...))
}

func (f jsonField) unknown() error {
	return f.errorf("there is no such field in format version %d; correct the name, or delete it", ReplayVersion)
}

func (f jsonField) text(s *string) error {
	if f.raw[0] != '"' || json.Unmarshal(f.raw, s) != nil {
		return f.errorf("it must be a text in quotes")
	}
	return nil
}

func (f jsonField) number(n *uint64) (err error) {
	if *n, err = strconv.ParseUint(string(f.raw), 10, 64); err != nil {
		return f.errorf("it must be a whole number from 0 to 18446744073709551615")
	}
	return nil
}

func (f jsonField) duration(d *time.Duration) error {
	var s string
	err := f.text(&s)
	if err == nil {
		*d, err = time.ParseDuration(s)
	}
	if err != nil {
		return f.errorf("it must be a virtual time such as \"1.284s\"")
	}
	return nil
}

// object hands out the fields of an object.
func (f jsonField) object(read func(jsonField) error) error {
	if f.raw[0] != '{' {
		return f.errorf("it must be an object in braces")
	}
	fields, err := readObject(f.raw)
	if err != nil {
		return err
	}
	for _, g := range fields {
		g.line += f.line - 1
		if err := read(g); err != nil {
			return err
		}
	}
	return nil
}
