package doctor

import (
	"strings"

	"samerun/internal/jsonout"
)

// checked is one thing that the doctor has looked at, as -json has it.
type checked struct {
	jsonout.Head
	// What is "toolchain", "overlay", "environment" or "package".
	What   string `json:"what"`
	Name   string `json:"name,omitempty"` // of a package
	Result string `json:"result"`         // as the text begins, in small letters: "ok", "note", "none", "sim", "fail", "differ"
	Words  string `json:"words"`
	// Remarks are sentences on what may differ another time, and on variables that nodes share.
	Remarks []string `json:"remarks,omitempty"`
	Said    string   `json:"said,omitempty"` // by the go command or the test process

	// Of a difference: the test, and the turn at which the runs diverge; 0 if their turns are equal.
	Test  string   `json:"test,omitempty"`
	Turn  uint64   `json:"turn,omitempty"`
	Cause *because `json:"cause,omitempty"`
	// Commands make the records of both runs.
	Commands []string `json:"commands,omitempty"`
	Story    string   `json:"story,omitempty"` // both runs around the difference, as text
}

// because is the cause of a difference.
type because struct {
	Name   string   `json:"name"`
	Sure   string   `json:"sure,omitempty"` // "likely", or "possible" if only all else was ruled out
	Why    []string `json:"why"`
	Places []string `json:"places,omitempty"` // file:line
	Cure   []string `json:"cure"`
}

// checkedAs is what a line of say says.
func checkedAs(word, name, rest string) checked {
	c := checked{What: name, Result: strings.ToLower(word), Words: rest}
	switch name {
	case "toolchain", "overlay", "environment":
	default:
		c.What, c.Name = "package", name
	}
	return c
}

// write writes a line of -json.
func (d *doctor) write(c checked) {
	c.Head = jsonout.New()
	if err := jsonout.Write(d.screen, c); err != nil && d.broken == nil {
		d.broken = err
	}
}

// print writes text, but with -json.
func (d *doctor) print(s string) {
	if !d.opts.JSON {
		d.screen.Print(s)
	}
}
