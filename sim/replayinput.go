package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
)

// This file is the part of a replay file that came with its version 2: what else
// than faults the minimiser changes.

// appendInput writes steps, sizes, horizon and calm, as far as they are set.
func (p *Replay) appendInput(b []byte) []byte {
	if p.Steps != nil {
		b = append(b, "  \"steps\": ["...)
		for i, id := range *p.Steps {
			b = fmt.Appendf(b, "%s\n    {\"of\": %s, \"n\": %d}", comma(i), quote(id.Of), id.N)
		}
		if len(*p.Steps) > 0 {
			b = append(b, "\n  "...)
		}
		b = append(b, "],\n"...)
	}
	if len(p.Sizes) > 0 {
		b = append(b, "  \"sizes\": ["...)
		for i, s := range p.Sizes {
			b = fmt.Appendf(b, "%s\n    {\"name\": %s, \"value\": %d}", comma(i), quote(s.Name), s.Value)
		}
		b = append(b, "\n  ],\n"...)
	}
	if p.Horizon > 0 {
		b = fmt.Appendf(b, "  \"horizon\": \"%v\",\n", p.Horizon)
	}
	if p.Strategy != "" {
		b = fmt.Appendf(b, "  \"strategy\": %s,\n", quote(p.Strategy))
	}
	if len(p.Data) > 0 {
		b = append(b, "  \"data\": ["...)
		for i, d := range p.Data {
			b = fmt.Appendf(b, "%s\n    {\"name\": %s, \"value\": %s}", comma(i), quote(d.Name), compact(d.Value))
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

func (d Datum) equal(e Datum) bool {
	return d.Name == e.Name && bytes.Equal(compact(d.Value), compact(e.Value))
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

// readInput reads one of these fields.
func (p *Replay) readInput(f jsonField) error {
	switch f.name {
	case "steps":
		steps := Steps{}
		err := f.list(func(e jsonField) error {
			id := StepID{N: -1}
			err := e.object(func(g jsonField) error {
				switch g.name {
				case "of":
					return g.text(&id.Of)
				case "n":
					return g.int(&id.N)
				}
				return g.unknown()
			})
			if err == nil && (id.Of == "" || id.N < 0) {
				err = e.errorf("a step needs \"of\", the name of a workload, and \"n\", its number from 0")
			}
			steps = append(steps, id)
			return err
		})
		p.Steps = &steps
		return err
	case "sizes":
		return f.list(func(e jsonField) error {
			s := Size{Value: -1}
			err := e.object(func(g jsonField) error {
				switch g.name {
				case "name":
					return g.text(&s.Name)
				case "value":
					return g.int(&s.Value)
				}
				return g.unknown()
			})
			if err == nil && (s.Name == "" || s.Value < 0) {
				err = e.errorf("a size needs a \"name\" and a \"value\" from 0 or more")
			}
			p.Sizes = append(p.Sizes, s)
			return err
		})
	case "data":
		return f.list(func(e jsonField) error {
			d := Datum{}
			err := e.object(func(g jsonField) error {
				switch g.name {
				case "name":
					return g.text(&d.Name)
				case "value":
					d.Value = compact(g.raw)
					return nil
				}
				return g.unknown()
			})
			if err == nil && (d.Name == "" || d.Value == nil) {
				err = e.errorf("a value needs a \"name\" and a \"value\"")
			}
			p.Data = append(p.Data, d)
			return err
		})
	case "strategy":
		return f.text(&p.Strategy)
	case "horizon":
		return f.duration(&p.Horizon)
	}
	var calm uint64
	err := f.number(&calm)
	if err == nil && calm >= uint64(calms) {
		err = f.errorf("it is %d; the highest grade of calm is %d", calm, calms-1)
	}
	p.Calm = Calm(min(calm, uint64(calms-1)))
	return err
}

// checkInput refuses what no failure can have left.
func (p *Replay) checkInput() error {
	seen := map[any]bool{}
	twice := func(key any) bool {
		was := seen[key]
		seen[key] = true
		return was
	}
	if p.Steps != nil {
		for i, id := range *p.Steps {
			if id.Of == "" || id.N < 0 || twice(id) {
				return fmt.Errorf("steps[%d] is %q; each step has the name of its workload and a number from 0, and stands once", i, id.String())
			}
		}
	}
	for i, d := range p.Data {
		if d.Err != nil {
			return d.Err
		}
		if d.Name == "" || !json.Valid(d.Value) {
			return fmt.Errorf("data[%d] (%q) needs a name and a value that is JSON", i, d.Name)
		}
	}
	for i, s := range p.Sizes {
		if s.Name == "" || s.Value < 0 || twice(s.Name) {
			return fmt.Errorf("sizes[%d] is %q = %d; each size has a name, which stands once, and a value from 0", i, s.Name, s.Value)
		}
	}
	if spec, err := parseOrder(p.Strategy); err != nil {
		return fmt.Errorf("the field \"strategy\": %w", err)
	} else if _, many := spec.Exhaustive(); many {
		return fmt.Errorf("the field \"strategy\" is %q, a search over many runs; a replay is of one", p.Strategy)
	}
	if p.Horizon < 0 {
		return fmt.Errorf("the field \"horizon\" is %v; it must be positive", p.Horizon)
	}
	return nil
}

// list calls read for each element of a list.
func (f jsonField) list(read func(e jsonField) error) error {
	var list []json.RawMessage
	if f.raw[0] != '[' || json.Unmarshal(f.raw, &list) != nil {
		return f.errorf("it must be a list")
	}
	for i, raw := range list {
		if err := read(jsonField{name: fmt.Sprintf("%s[%d]", f.name, i), raw: raw, line: f.line}); err != nil {
			return err
		}
	}
	return nil
}

// int reads a whole number that is not negative.
func (f jsonField) int(into *int) error {
	var n uint64
	if err := f.number(&n); err != nil {
		return err
	}
	if n > math.MaxInt32 {
		return f.errorf("it is %d; the largest is %d", n, math.MaxInt32)
	}
	*into = int(n)
	return nil
}
