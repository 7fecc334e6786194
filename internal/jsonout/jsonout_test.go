package jsonout_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"samerun/internal/jsonout"
	"samerun/internal/story"
)

func TestTell(t *testing.T) {
	text := "property broken\n  raft.go:41: held up < raft/log_test.go:7\n  raft.go:41 again, main.go:0 and x.go are no places\n"
	rows := []story.Row{
		{At: time.Second, From: story.Lane{Index: 1, Name: "n1"}, To: story.Lane{Index: 2, Name: "n2"}, Tos: []story.Lane{{Index: 3, Name: "n3"}}, Text: "Raft.Vote #1", Args: "{Term:2}", Mark: story.Cross},
		{At: 2 * time.Second, Until: 3 * time.Second, Mark: story.Folded, Fold: []story.Folding{{Times: 4, Of: "Raft.Ping"}}},
	}
	got := jsonout.Tell(text, rows)
	want := jsonout.Telling{
		Story: text,
		Cone: []jsonout.Event{
			{At: 1e9, Mark: "cross", From: []string{"n1"}, To: []string{"n2", "n3"}, Text: "Raft.Vote #1", Args: "{Term:2}"},
			{At: 2e9, Until: 3e9, Mark: "fold", Fold: []story.Folding{{Times: 4, Of: "Raft.Ping"}}},
		},
		Places: []string{"raft.go:41", "raft/log_test.go:7"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// A story of any bytes gives a line that is JSON and acts on no terminal.
func TestHostileStory(t *testing.T) {
	var out bytes.Buffer
	line := struct {
		jsonout.Head
		jsonout.Telling
	}{jsonout.New(), jsonout.Tell("\x1b[31m\u202e\xff<b>"+strings.Repeat("a.go:1 ", 1000), nil)}
	if err := jsonout.Write(&out, line); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if !json.Valid(out.Bytes()) || strings.Count(text, "\n") != 1 || strings.ContainsAny(text, "\x1b\u202e") || !strings.HasPrefix(text, `{"schema":1,"story":"`) || !strings.Contains(text, `"places":["a.go:1"]`) {
		t.Errorf("%.300s", text)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestFullDisk(t *testing.T) {
	if err := jsonout.Write(full{}, jsonout.New()); err == nil || err.Error() != "standard output cannot be written: no space left" {
		t.Error(err)
	}
}
