package wire

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"

	"samerun/internal/story"
)

// FuzzReadRequest: whatever comes in is requests, sentences about lines that are none, and an end.
func FuzzReadRequest(f *testing.F) {
	var good bytes.Buffer
	for _, r := range []Request{{Replay: json.RawMessage(`{"samerun":"replay"}`)}, {Replay: json.RawMessage(`{}`), Probe: true}, {Replay: json.RawMessage(`null`), Save: "a/b"}} {
		if err := r.Write(&good); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(good.Bytes())
	f.Add(good.Bytes()[:good.Len()-9])
	f.Add([]byte("{}\n\n[]\nnull\n{\"replay\":1e999}\n{\"probe\":7}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := Lines(bytes.NewReader(data))
		for range bytes.Count(data, []byte("\n")) + 2 {
			r, err := ReadRequest(s)
			if err == io.EOF {
				return
			}
			if err != nil {
				if !strings.HasPrefix(err.Error(), "a request for a trial is not understood") || strings.Contains(err.Error(), "\n") {
					t.Fatalf("no sentence: %q", err)
				}
				continue
			}
			var w bytes.Buffer
			if err := r.Write(&w); err != nil {
				t.Fatalf("%+v was read and cannot be written: %v", r, err)
			}
			again, err := ReadRequest(Lines(&w))
			if err != nil || again.Probe != r.Probe || again.Save != r.Save {
				t.Fatalf("%+v became %+v, %v", r, again, err)
			}
		}
		t.Fatal("there is no end")
	})
}

// FuzzReadAnswer: the same for answers among other lines, all of which are handed on.
func FuzzReadAnswer(f *testing.F) {
	var good bytes.Buffer
	for _, a := range []Answer{{Outcome: "same", Digest: "0123456789abcdef", Events: 7}, {Problem: "no", Dirty: true}, {Probe: &Probe{Nodes: []string{"n0"}}}, {Story: &story.Story{Reason: "two\nlines"}, Attached: []string{"x"}}} {
		good.WriteString("printed by the test")
		if err := a.Write(&good); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(good.Bytes())
	f.Add(good.Bytes()[:good.Len()-9])
	f.Add([]byte("text\n" + mark + "\n" + mark + "{}\n" + mark + "null\n" + mark + `{"probe":{"mishaps":{"faults":[{"kind":"cut"}]}}}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := Lines(bytes.NewReader(data))
		for range bytes.Count(data, []byte("\n")) + 2 {
			a, err := ReadAnswer(s, func(line []byte) {
				if bytes.HasPrefix(line, []byte(mark)) {
					t.Fatalf("an answer is handed on: %q", line)
				}
			})
			if err == io.EOF {
				return
			}
			if err != nil {
				if strings.Contains(err.Error(), "\n") {
					t.Fatalf("no sentence: %q", err)
				}
				continue
			}
			_ = a.Outcome.Verdict()
			var w bytes.Buffer
			if err := a.Write(&w); err != nil {
				continue // a schedule that is not valid cannot be written
			}
			again, err := ReadAnswer(Lines(&w), func(line []byte) {
				if len(line) > 0 {
					t.Fatalf("a line too many: %q", line)
				}
			})
			if err != nil || !reflect.DeepEqual(normal(a), normal(again)) {
				t.Fatalf("%+v became %+v, %v", a, again, err)
			}
		}
		t.Fatal("there is no end")
	})
}

// normal is an answer without what JSON does not tell apart: lists that are empty and that are not there.
func normal(a *Answer) string {
	b, _ := json.Marshal(a)
	return string(b)
}
