package wire

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"samerun/internal/story"
	"samerun/sched"
	"samerun/sim/fault"
	"samerun/sim/replay"
	"samerun/sim/shrink"
)

// Trials is the environment variable that makes a test process serve trials.
const Trials = "SAMERUN_TRIALS"

// Request asks for one run.
type Request struct {
	// Replay is the content of a replay file: the input of the run, and the failure
	// that is looked for.
	Replay json.RawMessage `json:"replay"`
	// Probe asks for what the run was made of.
	Probe bool `json:"probe,omitempty"`
	// Save asks for a replay file of the run, with what is attached to it, in this
	// folder, and for the story. It does not go with Probe.
	Save string `json:"save,omitempty"`
	// Beside are, if Save is set, inputs that have one thing less and pass, the nearest first:
	// the story says where the run parts from the first.
	Beside []shrink.Neighbour `json:"beside,omitempty"`
	// Saw asks for what the run has seen, for a guided search. The replay is an entry of a
	// corpus then, and no failure is looked for.
	Saw bool `json:"saw,omitempty"`
}

// Answer says what became of a run.
type Answer struct {
	// Outcome is that of a replay; empty if the run could not be made, and then
	// Problem says why.
	Outcome   replay.Outcome `json:"outcome,omitempty"`
	Problem   string         `json:"problem,omitempty"`
	Digest    string         `json:"digest,omitempty"`
	VirtualNS int64          `json:"virtual_ns,omitempty"`
	Events    uint64         `json:"events,omitempty"`
	// Dirty says that the process cannot serve another trial: the test is marked as
	// failed for good.
	Dirty bool   `json:"dirty,omitempty"`
	Probe *Probe `json:"probe,omitempty"`
	// Saved is the replay file, Attached are the files beside it, Story is what there
	// is to tell, and Repeats says whether the run gave the same digest when it was run
	// once more.
	Saved    string       `json:"saved,omitempty"`
	Attached []string     `json:"attached,omitempty"`
	Story    *story.Story `json:"story,omitempty"`
	Repeats  bool         `json:"repeats,omitempty"`
	Property string       `json:"property,omitempty"`
	Error    string       `json:"error,omitempty"`
	// Of a guided search: what all errors of the kind have in common, and what the run saw.
	Signature string   `json:"signature,omitempty"`
	Saw       *Saw     `json:"saw,omitempty"`
	Cover     *Cover   `json:"cover,omitempty"`
	Vacuous   []string `json:"vacuous,omitempty"` // as in Result
	Reached   []string `json:"reached,omitempty"`
}

// Probe is what a run was made of, as far as the minimiser can change it.
type Probe struct {
	Steps   shrink.Steps  `json:"steps,omitempty"`
	Sizes   []shrink.Size `json:"sizes,omitempty"`
	Horizon time.Duration `json:"horizon,omitempty"`
	Nodes   []string      `json:"nodes,omitempty"`
	// Mishaps are what chance did to single messages, as elements of a schedule.
	Mishaps fault.Schedule `json:"mishaps"`
	// Hits are the messages that elements of the schedule befell when they were sent.
	Hits []shrink.Hit `json:"hits,omitempty"`
	// Deviations are the order of the run, as deviations from "fifo".
	Deviations []sched.Deviation `json:"deviations,omitempty"`
}

// Explicit is an input in which everything that the program would do by itself is
// listed, so that it can be taken out.
func (p *Probe) Explicit(in shrink.Input) shrink.Input {
	in.Steps, in.Sizes = p.Steps, p.Sizes
	if in.Horizon == 0 || p.Horizon < in.Horizon {
		in.Horizon = p.Horizon
	}
	return in
}

// mark begins a line that is an answer.
const mark = "\x1esamerun-trial "

// maxLine bounds a line: a replay file of the largest size, and some more.
const maxLine = 80 << 20

// Write writes a request.
func (r *Request) Write(w io.Writer) error {
	var line bytes.Buffer
	if err := json.NewEncoder(&line).Encode(r); err != nil {
		return err
	}
	_, err := w.Write(line.Bytes())
	return err
}

// Write writes an answer.
func (a *Answer) Write(w io.Writer) error {
	line := bytes.NewBufferString("\n" + mark) // whatever was printed before ends here
	if err := json.NewEncoder(line).Encode(a); err != nil {
		return err
	}
	_, err := w.Write(line.Bytes())
	return err
}

// Lines reads requests, or answers among other lines.
func Lines(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 64<<10), maxLine)
	return s
}

// ReadRequest reads the next request. At the end it returns io.EOF.
func ReadRequest(s *bufio.Scanner) (*Request, error) {
	if !s.Scan() {
		return nil, ended(s)
	}
	var r Request
	if err := decode(s.Bytes(), &r); err != nil {
		return nil, fmt.Errorf("a request for a trial is not understood: %w", err)
	}
	return &r, nil
}

// ReadAnswer reads the next answer and hands all other lines to others. At the end
// it returns io.EOF.
func ReadAnswer(s *bufio.Scanner, others func(line []byte)) (*Answer, error) {
	for s.Scan() {
		rest, ok := bytes.CutPrefix(s.Bytes(), []byte(mark))
		if !ok {
			others(s.Bytes())
			continue
		}
		var a Answer
		if err := decode(rest, &a); err != nil {
			return nil, fmt.Errorf("the answer to a trial is not understood: %w", err)
		}
		return &a, nil
	}
	return nil, ended(s)
}

func ended(s *bufio.Scanner) error {
	if err := s.Err(); err != nil {
		return fmt.Errorf("the lines of a trial cannot be read: %w", err)
	}
	return io.EOF
}
