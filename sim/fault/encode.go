package fault

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// MarshalJSON writes the schedule in its JSON form, for json.Marshal. A schedule
// that Validate refuses is refused here too, so that what is written can be read.
func (s Schedule) MarshalJSON() ([]byte, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	return s.AppendJSON(nil, ""), nil
}

// AppendJSON appends the schedule in its JSON form for people: one element a
// line, zero fields left out, always in the same order. prefix stands at the
// beginning of each line but the first. The schedule should be valid.
func (s Schedule) AppendJSON(b []byte, prefix string) []byte {
	b = append(b, `{"faults": [`...)
	for i := range s.Faults {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, "\n"+prefix+"  "...)
		b = s.Faults[i].appendJSON(b)
	}
	if len(s.Faults) > 0 {
		b = append(b, "\n"+prefix...)
	}
	b = append(b, ']')
	if s.Quiet != 0 {
		b = appendDuration(append(b, `, "quiet":`...), s.Quiet)
	}
	return append(b, '}')
}

// MarshalJSON writes the element on one line, for json.Marshal. An element that
// Validate refuses is refused here too.
func (f Fault) MarshalJSON() ([]byte, error) {
	if err := f.Validate(); err != nil {
		return nil, err
	}
	return f.appendJSON(nil), nil
}

func (f *Fault) appendJSON(b []byte) []byte {
	b = appendText(append(b, `{"kind":`...), string(f.Kind))
	for _, field := range f.isSet().List() {
		b = append(b, `,"`...)
		b = append(b, field.String()...)
		b = append(b, `":`...)
		switch field {
		case FieldAt:
			b = appendDuration(b, f.At)
		case FieldFor:
			b = appendDuration(b, f.For)
		case FieldFrom:
			b = appendNames(b, f.From)
		case FieldTo:
			b = appendNames(b, f.To)
		case FieldNodes:
			b = appendNames(b, f.Nodes)
		case FieldBoot:
			b = strconv.AppendInt(b, int64(f.Boot), 10)
		case FieldMethod:
			b = appendText(b, f.Method)
		case FieldDir:
			b = appendText(b, f.Dir.String())
		case FieldNth:
			b = strconv.AppendUint(b, f.Nth, 10)
		case FieldPPM:
			b = strconv.AppendInt(b, f.PPM, 10)
		case FieldShape:
			b = appendText(b, f.Shape.String())
		case FieldMin:
			b = appendDuration(b, f.Min)
		case FieldMax:
			b = appendDuration(b, f.Max)
		case FieldBytes:
			b = strconv.AppendInt(b, f.Bytes, 10)
		case FieldQueue:
			b = strconv.AppendInt(b, int64(f.Queue), 10)
		case FieldPeriod:
			b = appendDuration(b, f.Period)
		case FieldOffset:
			b = appendDuration(b, f.Offset)
		case FieldFile:
			b = appendText(b, f.File)
		case FieldConn:
			b = strconv.AppendUint(b, f.Conn, 10)
		case FieldSectors:
			b = strconv.AppendInt(b, f.Sectors, 10)
		}
	}
	return append(b, '}')
}

func appendDuration(b []byte, d time.Duration) []byte {
	b = append(b, '"')
	b = append(b, d.String()...)
	return append(b, '"')
}

func appendNames(b []byte, names []string) []byte {
	b = append(b, '[')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, name)
	}
	return append(b, ']')
}

// appendText appends a JSON string in which <, > and & stay readable.
func appendText(b []byte, s string) []byte {
	plain := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			plain = false
		}
	}
	if plain {
		return append(append(append(b, '"'), s...), '"')
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	// A string can always be encoded, and a buffer always written.
	_ = e.Encode(s)
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...)
}
