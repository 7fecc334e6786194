package jsonout

import (
	"regexp"
	"slices"

	"samerun/internal/story"
)

// Telling is what is told of a failure.
type Telling struct {
	// Story is what people read, without commands.
	Story string `json:"story,omitempty"`
	// Cone is what led to the failure, as the story's diagram shows it, in order of time.
	Cone []Event `json:"cone,omitempty"`
	// Places are those in the code that the story names, as file:line, each once.
	Places []string `json:"places,omitempty"`
}

// Event is a row of the diagram.
type Event struct {
	At    int64    `json:"at_ns"`              // virtual time
	Until int64    `json:"until_ns,omitempty"` // of several in a row: the time of the last
	Times int      `json:"times,omitempty"`    // how often it happened in a row, if more than once
	Mark  string   `json:"mark,omitempty"`     // see docs/json.md
	From  []string `json:"from,omitempty"`     // nodes: where it happened, or from where a message came
	To    []string `json:"to,omitempty"`       // where a message went
	Text  string   `json:"text,omitempty"`
	Args  string   `json:"args,omitempty"` // what a message held, as far as it is new
	// Fold is, of a row that stands for others, how many of each kind there are.
	Fold []story.Folding `json:"fold,omitempty"`
}

// Tell returns what is told of a failure: text, and the rows of its diagram.
func Tell(text string, rows []story.Row) Telling {
	t := Telling{Story: text, Places: places(text)}
	for i := range rows {
		t.Cone = append(t.Cone, event(&rows[i]))
	}
	return t
}

func event(r *story.Row) Event {
	return Event{
		At: int64(r.At), Until: int64(max(0, r.Until)), Times: r.Times, Mark: string(r.Mark),
		From: names(r.From, r.Froms), To: names(r.To, r.Tos), Text: r.Text, Args: r.Args, Fold: r.Fold,
	}
}

// names are those of a lane and of others like it.
func names(first story.Lane, more []story.Lane) (all []string) {
	for _, l := range append([]story.Lane{first}, more...) {
		if l != (story.Lane{}) {
			all = append(all, l.Name)
		}
	}
	return all
}

// placePattern matches a place in the code, such as raft.go:41 or raft/raft.go:41.
var placePattern = regexp.MustCompile(`[\w./@~+-]*\w\.go:[1-9][0-9]{0,6}`)

// places are those in the code that a text names, each once, in their order.
func places(text string) (all []string) {
	const most = 100
	for _, place := range placePattern.FindAllString(text, -1) {
		if len(all) < most && !slices.Contains(all, place) {
			all = append(all, place)
		}
	}
	return all
}
