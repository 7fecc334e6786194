package fault

import (
	"encoding/json"
	"math/bits"
	"slices"
	"strconv"
	"time"
)

// Parse reads a schedule in its JSON form and validates it. It is strict: an
// unknown field or kind, a field twice, a field that the kind does not have, a
// value of a wrong type or beyond its limits, and anything after the schedule
// are errors, each told in one sentence with its line.
func Parse(data []byte) (Schedule, error) {
	r, err := newReader(data)
	if err != nil {
		return Schedule{}, err
	}
	s, err := r.schedule()
	if err == nil {
		err = r.end("schedule")
	}
	if err != nil {
		return Schedule{}, err
	}
	return s, nil
}

// UnmarshalJSON reads a schedule like Parse, for json.Unmarshal. Lines are
// counted from the beginning of the schedule.
func (s *Schedule) UnmarshalJSON(data []byte) error {
	parsed, err := Parse(data)
	if err == nil {
		*s = parsed
	}
	return err
}

// UnmarshalJSON reads one element, as strictly as Parse.
func (f *Fault) UnmarshalJSON(data []byte) error {
	r, err := newReader(data)
	if err != nil {
		return err
	}
	var parsed Fault
	if err = r.fault(&parsed); err == nil {
		err = r.end("element")
	}
	if err == nil {
		*f = parsed
	}
	return err
}

func (r *reader) schedule() (Schedule, error) {
	var s Schedule
	var seenFaults, seenQuiet bool
	err := r.object("the schedule", func(key string) error {
		switch key {
		case "faults":
			if seenFaults {
				return r.twice(key)
			}
			seenFaults = true
			return r.array("faults", func() error {
				if len(s.Faults) == MaxFaults {
					return r.errorf("the schedule has more than %d elements; make it smaller", MaxFaults)
				}
				var f Fault
				if err := r.fault(&f); err != nil {
					return r.within(len(s.Faults), err)
				}
				s.Faults = append(s.Faults, f)
				return nil
			})
		case "quiet":
			if seenQuiet {
				return r.twice(key)
			}
			seenQuiet = true
			return r.duration(key, &s.Quiet)
		}
		return r.errorf("%s", unknown("field", key, []string{"faults", "quiet"}))
	})
	if err != nil {
		return s, err
	}
	if problem := checkTime("quiet", s.Quiet); problem != "" {
		return s, r.errorf("%s", problem)
	}
	return s, nil
}

// fault reads an element and validates it.
func (r *reader) fault(f *Fault) error {
	var seen Fields
	var kind string
	err := r.object("an element", func(key string) error {
		if key == "kind" {
			if kind != "" {
				return r.twice(key)
			}
			return r.text(key, &kind)
		}
		field := fieldOf(key)
		if field == 0 {
			return r.errorf("%s", unknown("field", key, append([]string{"kind"}, fieldWords()...)))
		}
		if seen&field != 0 {
			return r.twice(key)
		}
		seen |= field
		return r.field(f, field)
	})
	if err != nil {
		return err
	}
	f.Kind = Kind(kind)
	info, ok := f.Kind.Info()
	if !ok {
		return r.errorf("%s", unknownKind(kind))
	}
	problem := ""
	if extra := seen &^ (info.Required | info.Optional); extra != 0 {
		problem = misplaced(extra, info)
	} else {
		problem = f.problem(info)
	}
	if problem != "" {
		return r.errorf("%s: %s", kind, problem)
	}
	return nil
}

// field reads the value of one field.
func (r *reader) field(f *Fault, field Fields) error {
	name := field.String()
	switch field {
	case FieldAt:
		return r.duration(name, &f.At)
	case FieldFor:
		return r.duration(name, &f.For)
	case FieldFrom:
		return r.names(name, &f.From)
	case FieldTo:
		return r.names(name, &f.To)
	case FieldNodes:
		return r.names(name, &f.Nodes)
	case FieldBoot:
		return r.small(name, &f.Boot)
	case FieldMethod:
		return r.text(name, &f.Method)
	case FieldDir:
		i, err := r.word(name, dirWords())
		f.Dir = Dir(i)
		return err
	case FieldNth:
		var n int64
		err := r.number(name, &n)
		if n < 0 {
			return r.errorf("nth is %d; it must lie between 1 and %d", n, int64(maxCount))
		}
		f.Nth = uint64(n)
		return err
	case FieldPPM:
		return r.number(name, &f.PPM)
	case FieldShape:
		i, err := r.word(name, shapeWords())
		f.Shape = Shape(i)
		return err
	case FieldMin:
		return r.duration(name, &f.Min)
	case FieldMax:
		return r.duration(name, &f.Max)
	case FieldBytes:
		return r.number(name, &f.Bytes)
	case FieldQueue:
		return r.small(name, &f.Queue)
	case FieldPeriod:
		return r.duration(name, &f.Period)
	case FieldOffset:
		return r.duration(name, &f.Offset)
	}
	return r.text(name, &f.File)
}

// duration reads a time such as "1.5s". A number without a unit is refused: it
// would be guesswork.
func (r *reader) duration(field string, d *time.Duration) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	s, ok := t.(string)
	if !ok {
		return r.errorf(`%s is %s; it must be a duration in quotes, such as "1.5s" or "300ms"`, field, describe(t))
	}
	v, err := time.ParseDuration(s)
	if err != nil {
		return r.errorf(`%s is %s, which is not a duration; write it like "1.5s" or "300ms"`, field, clip(s))
	}
	*d = v
	return nil
}

func (r *reader) names(field string, list *[]string) error {
	return r.array(field, func() error {
		if len(*list) == MaxNames {
			return r.errorf("%s has more than %d names; use \"*\" for all nodes, or a %%domain", field, MaxNames)
		}
		var name string
		if err := r.text("a name in "+field, &name); err != nil {
			return err
		}
		*list = append(*list, name)
		return nil
	})
}

func (r *reader) text(field string, s *string) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	v, ok := t.(string)
	if !ok {
		return r.errorf("%s is %s; it must be a word in quotes", field, describe(t))
	}
	if v == "" {
		return r.errorf("%s is empty; fill it or leave it out", field)
	}
	*s = v
	return nil
}

func (r *reader) word(field string, words []string) (int, error) {
	var s string
	if err := r.text(field, &s); err != nil {
		return 0, err
	}
	i := slices.Index(words, s)
	if i < 0 {
		return 0, r.errorf("%s", unknown(field, s, words))
	}
	return i, nil
}

func (r *reader) number(field string, n *int64) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	v, ok := t.(json.Number)
	if !ok {
		return r.errorf("%s is %s; it must be a whole number", field, describe(t))
	}
	i, err := strconv.ParseInt(v.String(), 10, 64)
	if err != nil || i > maxCount || i < -maxCount {
		return r.errorf("%s is %s; it must be a whole number of at most %d", field, clip(v.String()), int64(maxCount))
	}
	*n = i
	return nil
}

// small reads a number that must fit an int of 32 bits.
func (r *reader) small(field string, n *int) error {
	var v int64
	if err := r.number(field, &v); err != nil {
		return err
	}
	if bits.Len64(uint64(max(v, -v))) > 31 {
		return r.errorf("%s is %d; it must lie between 0 and %d", field, v, maxQueue)
	}
	*n = int(v)
	return nil
}
