package replay

import (
	"bytes"
	"encoding/json"
	"fmt"

	"samerun/internal/text"
)

// Marshal writes the replay as a file holds it: fields in a fixed order, one
// fault a line. The error says what in the replay is not valid.
func (p *File) Marshal() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	b := []byte("{\n  \"samerun\": \"replay\",\n")
	b = fmt.Appendf(b, "  \"version\": %d,\n", Version)
	b = fmt.Appendf(b, "  \"world\": %s,\n", text.JSON(string(p.World)))
	b = fmt.Appendf(b, "  \"test\": %s,\n", text.JSON(p.Test))
	b = fmt.Appendf(b, "  \"package\": %s,\n", text.JSON(p.Package))
	b = fmt.Appendf(b, "  \"seed\": %d,\n", p.Seed)
	if len(p.Forks) > 0 {
		b = append(b, "  \"forks\": ["...)
		for i, f := range p.Forks {
			b = fmt.Appendf(b, "%s\n    {\"at\": \"%v\", \"seed\": %d}", comma(i), f.At, f.Seed)
		}
		b = append(b, "\n  ],\n"...)
	}
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
			b = d.append(append(b, "\n    "...))
		}
		b = append(b, "\n  ],\n"...)
	}
	b = p.appendInput(b)
	if p.World == Goroutines {
		b = append(p.Settings.append(append(b, "  \"settings\": "...)), ",\n"...)
	}
	b = p.appendEnd(b)
	b = fmt.Appendf(b, "  \"digest\": %s,\n", text.JSON(p.Digest))
	return fmt.Appendf(b, "  \"made\": {\"go\": %s, \"samerun\": %s}\n}\n", text.JSON(p.Go), text.JSON(p.Samerun)), nil
}

// appendEnd writes how the run ended: what it was kept for, or how it failed.
func (p *File) appendEnd(b []byte) []byte {
	if p.Kept != nil {
		b = append(b, "  \"kept\": ["...)
		for i, what := range p.Kept {
			b = fmt.Appendf(b, "%s\n    %s", comma(i), text.JSON(what))
		}
		if len(p.Kept) > 0 {
			b = append(b, "\n  "...)
		}
		return append(b, "],\n"...)
	}
	b = append(b, "  \"failure\": {\n"...)
	if p.Property != "" {
		b = fmt.Appendf(b, "    \"property\": %s,\n", text.JSON(p.Property))
	}
	b = fmt.Appendf(b, "    \"error\": %s,\n", text.JSON(p.Error))
	if p.Signature != "" {
		b = fmt.Appendf(b, "    \"signature\": %s,\n", text.JSON(p.Signature))
	}
	return fmt.Appendf(b, "    \"at\": \"%v\"\n  },\n", p.At)
}

// append writes the deviation.
func (d *Deviation) append(b []byte) []byte {
	if d.IsDraw() {
		b = fmt.Appendf(b, "{\"draw\": {\"of\": \"%016x\", \"stream\": %s", d.Draw.Of, text.JSON(d.Draw.Stream))
		if d.Draw.In != "" {
			b = fmt.Appendf(b, ", \"in\": %s", text.JSON(d.Draw.In))
		}
		b = fmt.Appendf(b, ", \"nth\": %d", d.Draw.Nth)
		if d.Draw.Value != 0 {
			b = fmt.Appendf(b, ", \"value\": %d", d.Draw.Value)
		}
	} else {
		b = fmt.Appendf(b, "{\"turn\": {\"of\": \"%016x\", \"ready\": %d", d.Turn.Task, d.Turn.Ready)
		if d.Turn.Resumed > 0 {
			b = fmt.Appendf(b, ", \"resumed\": %d", d.Turn.Resumed)
		}
		if d.Turn.Shift > 0 {
			b = fmt.Appendf(b, ", \"shift\": %d", d.Turn.Shift)
		}
	}
	b = append(b, '}')
	if d.Place != "" {
		b = fmt.Appendf(b, ", \"place\": %s", text.JSON(d.Place))
	}
	return append(b, '}')
}

// append writes the settings.
func (s *Settings) append(b []byte) []byte {
	b = fmt.Appendf(b, "{\"turn\": \"%v\", \"net\": %s, \"date\": %s", s.Turn, text.JSON(s.Net), text.JSON(s.Date))
	for _, f := range []struct{ name, value string }{{"run", s.Run}, {"skip", s.Skip}, {"go", s.Go}, {"timeout", s.Timeout}, {"tags", s.Tags}, {"leaks", s.Leaks}, {"folder", s.Folder}, {"stdin", s.Stdin}} {
		if f.value != "" {
			b = fmt.Appendf(b, ", %q: %s", f.name, text.JSON(f.value))
		}
	}
	if s.Count > 0 {
		b = fmt.Appendf(b, ", \"count\": %d", s.Count)
	}
	if s.Short {
		b = append(b, ", \"short\": true"...)
	}
	if s.Race {
		b = append(b, ", \"race\": true"...)
	}
	if s.Scenario {
		b = append(b, ", \"scenario\": true"...)
	}
	if len(s.Args) > 0 {
		b = append(b, ", \"args\": ["...)
		for i, arg := range s.Args {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(b, text.JSON(arg)...)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// appendInput writes what else than faults and deviations the minimiser changes, as
// far as it is set.
func (p *File) appendInput(b []byte) []byte {
	if p.Steps != nil {
		b = append(b, "  \"steps\": ["...)
		for i, id := range *p.Steps {
			b = fmt.Appendf(b, "%s\n    {\"of\": %s, \"n\": %d}", comma(i), text.JSON(id.Of), id.N)
		}
		if len(*p.Steps) > 0 {
			b = append(b, "\n  "...)
		}
		b = append(b, "],\n"...)
	}
	if len(p.Sizes) > 0 {
		b = append(b, "  \"sizes\": ["...)
		for i, s := range p.Sizes {
			b = fmt.Appendf(b, "%s\n    {\"name\": %s, \"value\": %d}", comma(i), text.JSON(s.Name), s.Value)
		}
		b = append(b, "\n  ],\n"...)
	}
	if p.Horizon > 0 {
		b = fmt.Appendf(b, "  \"horizon\": \"%v\",\n", p.Horizon)
	}
	if p.Strategy != "" {
		b = fmt.Appendf(b, "  \"strategy\": %s,\n", text.JSON(p.Strategy))
	}
	if len(p.Data) > 0 {
		b = append(b, "  \"data\": ["...)
		for i, d := range p.Data {
			b = fmt.Appendf(b, "%s\n    {\"name\": %s, \"value\": %s}", comma(i), text.JSON(d.Name), compact(d.Value))
		}
		b = append(b, "\n  ],\n"...)
	}
	if p.Calm > 0 {
		b = fmt.Appendf(b, "  \"calm\": %d,\n", p.Calm)
	}
	return b
}

// compact is JSON without white space, so that equal values are equal texts.
func compact(value json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return value
	}
	return b.Bytes()
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}
