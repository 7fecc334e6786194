package replay

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"samerun/internal/text"
	"samerun/sched"
)

// check refuses what no failure can have left.
func (p *File) check() error {
	below, isBelow := strings.CutPrefix(p.Package, "./")
	switch {
	case p.Test == "":
		return errors.New(`the field "test" is empty; it is the name of the test that failed`)
	case p.Package != "." && (!isBelow || path.Clean(below) != below || below == "." || below == ".." || strings.HasPrefix(below, "../") || strings.HasPrefix(below, "/")):
		return fmt.Errorf("the field \"package\" is %s; it is a folder below the module's root, such as \"./raft\", or \".\"", text.Clip(p.Package))
	case p.At < 0:
		return fmt.Errorf("failure.at is %v; virtual time begins at 0s", p.At)
	case len(p.Digest) != 16 || strings.Trim(p.Digest, "0123456789abcdef") != "":
		return fmt.Errorf("the field \"digest\" is %s; it is 16 hexadecimal digits", text.Clip(p.Digest))
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
	if err := p.checkDeviations(); err != nil {
		return err
	}
	return p.checkWorld()
}

// checkInput refuses what no failure can have left.
func (p *File) checkInput() error {
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
	if spec, err := sched.ParseStrategy(p.Strategy); err != nil {
		return fmt.Errorf("the field \"strategy\": %w", err)
	} else if _, many := spec.Exhaustive(); many {
		return fmt.Errorf("the field \"strategy\" is %q, a search over many runs; a replay is of one", p.Strategy)
	}
	if err := sched.CheckForks(p.Forks); err != nil {
		return fmt.Errorf("the field \"forks\": %w", err)
	}
	if p.Kept != nil && p.Failure != (Failure{}) {
		return errors.New(`it has both "kept" and "failure"; an entry of a corpus has not failed`)
	}
	if p.Horizon < 0 {
		return fmt.Errorf("the field \"horizon\" is %v; it must be positive", p.Horizon)
	}
	return nil
}
