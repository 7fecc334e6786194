package fault

import (
	"fmt"
	"math/bits"
	"slices"

	"samerun/internal/strictjson"
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
		err = r.End("schedule")
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
		err = r.End("element")
	}
	if err == nil {
		*f = parsed
	}
	return err
}

// reader reads what only schedules have.
type reader struct{ *strictjson.Reader }

func newReader(data []byte) (reader, error) {
	if len(data) > maxBytes {
		return reader{}, fmt.Errorf("the schedule is %d bytes long, more than %d; make it smaller", len(data), maxBytes)
	}
	r, err := strictjson.NewReader(data)
	return reader{r}, err
}

func (r reader) schedule() (Schedule, error) {
	var s Schedule
	err := r.Object("the schedule", func(key string) error {
		switch key {
		case "faults":
			return r.Array("faults", func() error {
				if len(s.Faults) == MaxFaults {
					return r.Errorf("the schedule has more than %d elements; make it smaller", MaxFaults)
				}
				var f Fault
				if err := r.fault(&f); err != nil {
					return strictjson.Within(fmt.Sprintf("faults[%d]", len(s.Faults)), err)
				}
				s.Faults = append(s.Faults, f)
				return nil
			})
		case "quiet":
			return r.Duration(key, &s.Quiet)
		}
		return r.Errorf("%s", unknown("field", key, []string{"faults", "quiet"}))
	})
	if err != nil {
		return s, err
	}
	if problem := checkTime("quiet", s.Quiet); problem != "" {
		return s, r.Errorf("%s", problem)
	}
	return s, nil
}

// fault reads an element and validates it.
func (r reader) fault(f *Fault) error {
	var seen Fields
	var kind string
	err := r.Object("an element", func(key string) error {
		if key == "kind" {
			return r.text(key, &kind)
		}
		field := fieldOf(key)
		if field == 0 {
			return r.Errorf("%s", unknown("field", key, append([]string{"kind"}, fieldWords()...)))
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
		return r.Errorf("%s", unknownKind(kind))
	}
	problem := ""
	if extra := seen &^ (info.Required | info.Optional); extra != 0 {
		problem = misplaced(extra, info)
	} else {
		problem = f.problem(info)
	}
	if problem != "" {
		return r.Errorf("%s: %s", kind, problem)
	}
	return nil
}

// field reads the value of one field.
func (r reader) field(f *Fault, field Fields) error {
	name := field.String()
	switch field {
	case FieldAt:
		return r.Duration(name, &f.At)
	case FieldFor:
		return r.Duration(name, &f.For)
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
		return r.count(name, &f.Nth)
	case FieldConn:
		return r.count(name, &f.Conn)
	case FieldSectors:
		return r.Int(name, &f.Sectors, maxSectors)
	case FieldPPM:
		return r.Int(name, &f.PPM, maxCount)
	case FieldShape:
		i, err := r.word(name, shapeWords())
		f.Shape = Shape(i)
		return err
	case FieldMin:
		return r.Duration(name, &f.Min)
	case FieldMax:
		return r.Duration(name, &f.Max)
	case FieldBytes:
		return r.Int(name, &f.Bytes, maxCount)
	case FieldQueue:
		return r.small(name, &f.Queue)
	case FieldPeriod:
		return r.Duration(name, &f.Period)
	case FieldOffset:
		return r.Duration(name, &f.Offset)
	}
	return r.text(name, &f.File)
}

func (r reader) names(field string, list *[]string) error {
	return r.Array(field, func() error {
		if len(*list) == MaxNames {
			return r.Errorf("%s has more than %d names; use \"*\" for all nodes, or a %%domain", field, MaxNames)
		}
		var name string
		if err := r.text("a name in "+field, &name); err != nil {
			return err
		}
		*list = append(*list, name)
		return nil
	})
}

// text reads a text that is not empty.
func (r reader) text(field string, s *string) error {
	if err := r.Text(field, s); err != nil {
		return err
	}
	if *s == "" {
		return r.Errorf("%s is empty; fill it or leave it out", field)
	}
	return nil
}

func (r reader) word(field string, words []string) (int, error) {
	var s string
	if err := r.text(field, &s); err != nil {
		return 0, err
	}
	i := slices.Index(words, s)
	if i < 0 {
		return 0, r.Errorf("%s", unknown(field, s, words))
	}
	return i, nil
}

// count reads a number that counts from 1.
func (r reader) count(field string, to *uint64) error {
	var n int64
	err := r.Int(field, &n, maxCount)
	if n < 0 {
		return r.Errorf("%s is %d; it must lie between 1 and %d", field, n, int64(maxCount))
	}
	*to = uint64(n)
	return err
}

// small reads a number that must fit an int of 32 bits.
func (r reader) small(field string, n *int) error {
	var v int64
	if err := r.Int(field, &v, maxCount); err != nil {
		return err
	}
	if bits.Len64(uint64(max(v, -v))) > 31 {
		return r.Errorf("%s is %d; it must lie between 0 and %d", field, v, maxQueue)
	}
	*n = int(v)
	return nil
}
