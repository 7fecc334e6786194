package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"samerun/sched"
	"samerun/sim/fault"
)

// maxReplaySize bounds what is read: a file beyond it is no replay file.
const maxReplaySize = 64 << 20

// Marshal writes the replay as a file holds it: fields in a fixed order, one
// fault a line. The error says what in the replay is not valid.
func (p *Replay) Marshal() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	b := []byte("{\n  \"samerun\": \"replay\",\n")
	b = fmt.Appendf(b, "  \"version\": %d,\n", ReplayVersion)
	b = fmt.Appendf(b, "  \"test\": %s,\n", quote(p.Test))
	b = fmt.Appendf(b, "  \"package\": %s,\n", quote(p.Package))
	b = fmt.Appendf(b, "  \"seed\": %d,\n", p.Seed)
	if p.Schedule != nil {
		b = append(p.Schedule.AppendJSON(append(b, "  \"schedule\": "...), "  "), ",\n"...)
	}
	if len(p.Idle) > 0 {
		list, _ := json.Marshal(p.Idle) // numbers can always be written
		b = fmt.Appendf(b, "  \"idle\": %s,\n", list)
	}
	if len(p.Deviations) > 0 {
		b = append(b, "  \"deviations\": ["...)
		for i, d := range p.Deviations {
			if i > 0 {
				b = append(b, ',')
			}
			b = fmt.Appendf(b, "\n    {\"task\": \"%016x\", \"ready\": %d", d.Task, d.Ready)
			if d.Resumed > 0 {
				b = fmt.Appendf(b, ", \"resumed\": %d", d.Resumed)
			}
			if d.Shift > 0 {
				b = fmt.Appendf(b, ", \"shift\": %d", d.Shift)
			}
			b = append(b, '}')
		}
		b = append(b, "\n  ],\n"...)
	}
	b = p.appendInput(b)
	b = append(b, "  \"failure\": {\n"...)
	if p.Property != "" {
		b = fmt.Appendf(b, "    \"property\": %s,\n", quote(p.Property))
	}
	b = fmt.Appendf(b, "    \"error\": %s,\n", quote(p.Error))
	if p.Signature != "" {
		b = fmt.Appendf(b, "    \"signature\": %s,\n", quote(p.Signature))
	}
	b = fmt.Appendf(b, "    \"at\": \"%v\"\n  },\n", p.At)
	b = fmt.Appendf(b, "  \"digest\": %s,\n", quote(p.Digest))
	return fmt.Appendf(b, "  \"made\": {\"go\": %s, \"samerun\": %s}\n}\n", quote(p.Go), quote(p.Samerun)), nil
}

// quote writes a text as JSON, arrows and angle brackets as they are.
func quote(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string can always be written
	return strings.TrimSuffix(b.String(), "\n")
}

// ParseReplay reads the content of a replay file. It is strict: an unknown
// field, a field twice, one that lacks or has a value of a wrong type are errors,
// each told in one sentence.
func ParseReplay(data []byte) (*Replay, error) {
	if len(data) > maxReplaySize {
		return nil, fmt.Errorf("it is longer than %d MB, which no replay file is", maxReplaySize>>20)
	}
	if !utf8.Valid(data) {
		return nil, errors.New("it has bytes that are not UTF-8, which no replay file has")
	}
	fields, err := readObject(data)
	if err != nil {
		return nil, err
	}
	// The version comes first: a newer file may have fields that we do not know.
	if err := checkVersion(fields); err != nil {
		return nil, err
	}
	p := &Replay{}
	for _, f := range fields {
		if err := p.read(f); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"test", "package", "seed", "failure", "digest"} {
		if !slices.ContainsFunc(fields, func(f jsonField) bool { return f.name == name }) {
			return nil, fmt.Errorf("it lacks the field %q", name)
		}
	}
	return p, p.check()
}

func checkVersion(fields []jsonField) error {
	var kind string
	version := uint64(0)
	for _, f := range fields {
		var err error
		switch f.name {
		case "samerun":
			err = f.text(&kind)
		case "version":
			err = f.number(&version)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case kind != "replay":
		return errors.New(`it is no replay file of samerun: those have "samerun": "replay"`)
	case version == 0:
		return errors.New("it does not say its format version (the field \"version\"), which is 1 or more")
	case version > ReplayVersion:
		return fmt.Errorf("it has format version %d and this samerun (%s) reads up to %d; update samerun", version, Version, ReplayVersion)
	}
	return nil
}

func (p *Replay) read(f jsonField) error {
	switch f.name {
	case "samerun", "version":
		return nil
	case "test":
		return f.text(&p.Test)
	case "package":
		return f.text(&p.Package)
	case "seed":
		return f.number(&p.Seed)
	case "digest":
		return f.text(&p.Digest)
	case "schedule":
		// Blank lines in front give errors the line in the file.
		s, err := fault.Parse(append(bytes.Repeat([]byte("\n"), f.line-1), f.raw...))
		if err != nil {
			return fmt.Errorf("its schedule is not valid, %w", err)
		}
		p.Schedule = &s
		return nil
	case "idle":
		if f.raw[0] != '[' || json.Unmarshal(f.raw, &p.Idle) != nil {
			return f.errorf("it must be a list of whole numbers")
		}
		if len(p.Idle) == 0 {
			p.Idle = nil
		}
		return nil
	case "deviations":
		return p.readDeviations(f)
	case "steps", "sizes", "horizon", "calm", "strategy", "data":
		return p.readInput(f)
	case "failure":
		return f.object(func(f jsonField) error {
			switch f.name {
			case "property":
				return f.text(&p.Property)
			case "error":
				return f.text(&p.Error)
			case "signature":
				return f.text(&p.Signature)
			case "at":
				return f.duration(&p.At)
			}
			return f.unknown()
		})
	case "made":
		return f.object(func(f jsonField) error {
			switch f.name {
			case "go":
				return f.text(&p.Go)
			case "samerun":
				return f.text(&p.Samerun)
			}
			return f.unknown()
		})
	}
	return f.unknown()
}

func (p *Replay) readDeviations(f jsonField) error {
	var list []json.RawMessage
	if f.raw[0] != '[' || json.Unmarshal(f.raw, &list) != nil {
		return f.errorf("it must be a list")
	}
	for i, raw := range list {
		var d sched.Deviation
		e := jsonField{name: fmt.Sprintf("deviations[%d]", i), raw: raw, line: f.line}
		err := e.object(func(g jsonField) error {
			switch g.name {
			case "task":
				var hex string
				if err := g.text(&hex); err != nil {
					return err
				}
				var err error
				if d.Task, err = strconv.ParseUint(hex, 16, 64); err != nil || len(hex) != 16 {
					return e.errorf("the task must be named by 16 hexadecimal digits")
				}
				return nil
			case "ready":
				return g.number(&d.Ready)
			case "resumed":
				return g.number(&d.Resumed)
			case "shift":
				return g.number(&d.Shift)
			}
			return g.unknown()
		})
		if err != nil {
			return err
		}
		p.Deviations = append(p.Deviations, d)
	}
	return nil
}

// check refuses what no failure can have left.
func (p *Replay) check() error {
	below, isBelow := strings.CutPrefix(p.Package, "./")
	switch {
	case p.Test == "":
		return errors.New(`the field "test" is empty; it is the name of the test that failed`)
	case p.Package != "." && (!isBelow || path.Clean(below) != below || below == "." || below == ".." || strings.HasPrefix(below, "../") || strings.HasPrefix(below, "/")):
		return fmt.Errorf("the field \"package\" is %s; it is a folder below the module's root, such as \"./raft\", or \".\"", clip(p.Package))
	case p.At < 0:
		return fmt.Errorf("failure.at is %v; virtual time begins at 0s", p.At)
	case len(p.Digest) != 16 || strings.Trim(p.Digest, "0123456789abcdef") != "":
		return fmt.Errorf("the field \"digest\" is %s; it is 16 hexadecimal digits", clip(p.Digest))
	}
	size := 0
	if p.Schedule != nil {
		if err := p.Schedule.Validate(); err != nil {
			return fmt.Errorf("its schedule is not valid: %w", err)
		}
		size = p.Schedule.Size()
	}
	for i, at := range p.Idle {
		if at < 0 || at >= size || i > 0 && at <= p.Idle[i-1] {
			return fmt.Errorf("idle[%d] is %d; the list has indexes of elements of the schedule (it has %d), each greater than the one before", i, at, size)
		}
	}
	if err := p.checkInput(); err != nil {
		return err
	}
	if err := sched.CheckDeviations(p.Deviations); err != nil {
		return fmt.Errorf("its deviations: %w", err)
	}
	return nil
}
