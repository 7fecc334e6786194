package story

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// evil would forge a line, colour the terminal and turn its writing.
const evil = "x\nagain: rm -rf /\n    again: rm -rf /\r\x1b[2K\x9b31m\u0085\u202e\u2066\u200b\x00\xff\u2028y"

// Whatever is in a story, its text has no control characters, no marks of writing
// direction and nothing that is not seen, and no line of the program's stands where
// the story's own lines do.
func TestHostileStories(t *testing.T) {
	rows := []Row{
		{At: time.Second, From: Lane{1, evil}, To: Lane{2, evil + "2"}, Text: evil},
		{Mark: Remark, Text: evil}, {Mark: OfLink, From: Lane{1, evil}, To: Lane{2, evil + "2"}, Text: evil}, {Mark: Cross, From: Lane{1, evil}, Text: evil},
	}
	s := Story{
		Property: evil, Reason: evil, Stack: []string{evil, evil}, Shrunk: evil, Input: []string{evil},
		Run:    Run{Seed: 1, Digest: "1", Second: "2", Ended: evil, Parting: &Parting{Record: 1, One: evil, Other: evil + "!", Before: evil}},
		Faults: &Faults{All: 1, Fired: 1, Shown: []string{evil}},

		Ending: Ending{All: 1, Rows: rows},
		Beside: []string{evil}, Again: []string{evil, evil}, Unsaved: evil,
	}
	same := s
	same.Run.Second, same.Run.Digest, same.Run.Parting = "1", "1", nil
	alike := s
	alike.Property, alike.Run.Parting = "", &Parting{Record: 2, One: evil, Other: evil, Before: evil}
	narrow := s
	narrow.Ending.Rows = []Row{{From: Lane{1, "a"}, To: Lane{2, "b"}, Text: evil}}
	for _, s := range []Story{s, same, alike, narrow} {
		for _, text := range []string{s.String(), s.Head(), "\n" + s.Rest()} {
			for _, bad := range []string{"\r", "\x1b", "\x9b", "\u0085", "\u202e", "\u2066", "\u200b", "\x00", "\xff", "\u2028"} {
				if strings.Contains(text, bad) {
					t.Fatalf("%q in:\n%s", bad, text)
				}
			}
		}
		// String has a margin of four columns, Rest has none.
		if strings.Contains(s.String(), "\n    again: rm") || strings.Contains(s.String(), "\nagain: rm") || strings.Contains("\n"+s.Rest(), "\nagain: rm") || strings.Contains(s.Head(), "\n") {
			t.Fatalf("a forged line:\n%q\n%s", s.Head(), s.String())
		}
	}
	// The data is what it was: it goes from process to process unchanged.
	data, err := json.Marshal(s)
	var back Story
	if err != nil || json.Unmarshal(data, &back) != nil || back.Ending.Rows[0].From.Name != strings.ToValidUTF8(evil, "\ufffd") {
		t.Errorf("%v %+v", err, back.Ending.Rows)
	}
}
