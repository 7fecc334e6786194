package strictjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Fields know their values and their lines, and a field that stands twice is found
// however many there are.
func TestFields(t *testing.T) {
	var b strings.Builder
	b.WriteString("{")
	for i := range 100 {
		fmt.Fprintf(&b, "\n \"f%d\": [%d,\n{}],", i, i)
	}
	text := b.String()
	fields := func(text string) ([]Field, error) {
		r, err := NewReader([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return r.Fields("the thing")
	}
	all, err := fields(text + `"last": null}`)
	if err != nil || len(all) != 101 {
		t.Fatalf("%d fields, %v", len(all), err)
	}
	for i, f := range all[:100] {
		if f.Name != fmt.Sprint("f", i) || f.Line != 2+2*i || string(f.Raw) != fmt.Sprintf("[%d,\n{}]", i) || bytes.Count(f.InPlace(), []byte("\n")) != f.Line {
			t.Errorf("field %d is %s in line %d: %s", i, f.Name, f.Line, f.Raw)
		}
		// Its reader knows the line of the file.
		r, lines := f.Reader(), []int{}
		err := r.Array("it", func() error {
			var v json.RawMessage
			if err := r.Value(&v); err != nil {
				return err
			}
			lines = append(lines, r.line)
			return nil
		})
		if err != nil || len(lines) != 2 || lines[0] != f.Line || lines[1] != f.Line+1 {
			t.Errorf("%s: lines %v, %v", f.Name, lines, err)
		}
	}
	for _, again := range []int{0, 15, 16, 99} {
		_, err := fields(fmt.Sprintf("%s\n\"f%d\": 1}", text, again))
		if want := fmt.Sprintf("line 202: the field \"f%d\" stands twice; keep one", again); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// A value of a wrong type is told by what it is.
func TestValues(t *testing.T) {
	var (
		s string
		i int64
		u uint64
		d time.Duration
	)
	for _, c := range []struct {
		data string
		read func(r *Reader) error
		want string
	}{
		{`"a"`, func(r *Reader) error { return r.Text("f", &s) }, ""},
		{`null`, func(r *Reader) error { return r.Text("f", &s) }, "f is null; it must be a text in quotes"},
		{`true`, func(r *Reader) error { return r.Text("f", &s) }, "f is true; it must be a text"},
		{`-5`, func(r *Reader) error { return r.Int("f", &i, 5) }, ""},
		{`-6`, func(r *Reader) error { return r.Int("f", &i, 5) }, `f is "-6"; it must be a whole number of at most 5`},
		{`1.0`, func(r *Reader) error { return r.Int("f", &i, 5) }, `f is "1.0"; it must be a whole number`},
		{`[1]`, func(r *Reader) error { return r.Int("f", &i, 5) }, "f is a list; it must be a whole number"},
		{`18446744073709551615`, func(r *Reader) error { return r.Uint("f", &u, 1<<64-1) }, ""},
		{`3`, func(r *Reader) error { return r.Uint("f", &u, 2) }, "f is the number 3; it must be a whole number from 0 to 2"},
		{`"3"`, func(r *Reader) error { return r.Uint("f", &u, 3) }, `f is the text "3"; it must be a whole number`},
		{`"1h2ms"`, func(r *Reader) error { return r.Duration("f", &d) }, ""},
		{`5`, func(r *Reader) error { return r.Duration("f", &d) }, "f is the number 5; it must be a duration in quotes"},
		{`"5"`, func(r *Reader) error { return r.Duration("f", &d) }, `f is "5", which is not a duration`},
		{`{"a":1}`, func(r *Reader) error { return r.Array("f", nil) }, "f is an object; it must be a list"},
		{`@`, func(r *Reader) error { var v json.RawMessage; return r.Value(&v) }, "this is not JSON: invalid character '@'"},
		{``, func(r *Reader) error { return r.Text("f", &s) }, "this is not JSON: it ends too early"},
	} {
		r, err := NewReader([]byte("\n" + c.data))
		if err != nil {
			t.Fatal(err)
		}
		switch err := c.read(r); {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.data, err)
		case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), "line 2: "+c.want)):
			t.Errorf("%s: %v, want %s", c.data, err, c.want)
		}
	}
	if _, err := NewReader([]byte("{\n\n\"a\xff\"}")); err == nil || err.Error() != "line 3: a byte is not UTF-8; save the file as UTF-8" {
		t.Errorf("%v", err)
	}
}

// An error says in which part it is, once, unless nothing is known of parts.
func TestWithin(t *testing.T) {
	r := newReader([]byte(`{"a"`), 7)
	if got := Within("x[3]", r.Errorf("broken")).Error(); got != "line 7: x[3], broken" {
		t.Error(got)
	}
	_, err := r.Fields("it")
	if got := Within("x[3]", err).Error(); !strings.HasPrefix(got, "line 7: this is not JSON: ") {
		t.Error(got)
	}
}
