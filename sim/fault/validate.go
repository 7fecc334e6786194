package fault

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Validate returns nil if a run can use the schedule, or one sentence that says
// which element is wrong, in which field, and what to do.
func (s Schedule) Validate() error {
	if len(s.Faults) > MaxFaults {
		return fmt.Errorf("the schedule has %d elements, more than %d; make it smaller", len(s.Faults), MaxFaults)
	}
	for i := range s.Faults {
		if err := s.Faults[i].Validate(); err != nil {
			return fmt.Errorf("faults[%d], %w", i, err)
		}
	}
	if problem := checkTime("quiet", s.Quiet); problem != "" {
		return fmt.Errorf("%s", problem)
	}
	return nil
}

// Validate returns nil if the element alone is right, or one sentence that says
// what is wrong with it and what to do.
func (f Fault) Validate() error {
	info, ok := f.Kind.Info()
	if !ok {
		return fmt.Errorf("%s", unknownKind(string(f.Kind)))
	}
	if problem := f.problem(info); problem != "" {
		return fmt.Errorf("%s: %s", f.Kind, problem)
	}
	return nil
}

// problem returns what is wrong with the fault, or nothing.
func (f *Fault) problem(info Info) string {
	set := f.isSet()
	if extra := set &^ (info.Required | info.Optional); extra != 0 {
		return misplaced(extra, info)
	}
	if f.Dir > Reply {
		return fmt.Sprintf("dir is %d; it is %s", f.Dir, choices(dirWords()))
	}
	if f.Shape > LongTail {
		return fmt.Sprintf("shape is %d; it is %s", f.Shape, choices(shapeWords()))
	}
	for _, check := range [...]func(Info) string{f.checkNames, f.checkTimes, f.checkNumbers} {
		if problem := check(info); problem != "" {
			return problem
		}
	}
	if missing := info.Required &^ set; missing != 0 {
		one := missing.List()[0]
		return fmt.Sprintf("%s is missing; %s", one, need(one, info))
	}
	return f.checkTogether(info)
}

// misplaced says that the kind has no such fields, and which it has.
func misplaced(extra Fields, info Info) string {
	return fmt.Sprintf("it has no field %s; leave it out (the fields of this kind are %s)",
		extra.List()[0], info.Required|info.Optional)
}

// need says how to fill a field that is required.
func need(field Fields, info Info) string {
	switch field {
	case FieldFrom:
		return `name the nodes that send, or "*" for all`
	case FieldTo:
		return `name the nodes that receive, or "*" for all`
	case FieldNodes:
		return `name the nodes it befalls, or "*" for all`
	case FieldNth:
		if info.Group == Disks {
			return "say which operation is meant, counted from 1"
		}
		return "say which message is meant, counted from 1"
	case FieldFile:
		return "name the file whose operations nth counts"
	case FieldPPM:
		return "give parts per million, such as 10000 for 1 %"
	case FieldBytes:
		return "give bytes per second, at least 1"
	}
	return `give a duration that is not zero, such as "300ms"`
}

func (f *Fault) checkNames(Info) string {
	for _, list := range [...]struct {
		field Fields
		names []string
	}{{FieldFrom, f.From}, {FieldTo, f.To}, {FieldNodes, f.Nodes}} {
		if problem := checkList(list.field.String(), list.names); problem != "" {
			return problem
		}
	}
	for _, text := range [...]struct {
		field Fields
		text  string
	}{{FieldMethod, f.Method}, {FieldFile, f.File}} {
		if problem := checkText(text.field.String(), text.text); problem != "" {
			return problem
		}
	}
	return ""
}

func checkList(field string, names []string) string {
	if len(names) > MaxNames {
		return fmt.Sprintf("%s has %d names, more than %d; use \"*\" for all nodes, or a %%domain", field, len(names), MaxNames)
	}
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if problem := checkText(field, name); problem != "" {
			return problem
		}
		switch {
		case name == "":
			return field + " has an empty name; leave it out or name a node"
		case name == "@" || name == "%":
			return fmt.Sprintf("%s has the name %q alone; write the role or the domain after it", field, name)
		case seen[name]:
			return fmt.Sprintf("%s names %q twice; name it once", field, name)
		}
		seen[name] = true
	}
	if seen["*"] && len(names) > 1 {
		return field + ` has other names next to "*", which is all nodes; leave them out`
	}
	return ""
}

// checkText refuses what JSON or a story of one line could not show.
func checkText(field, text string) string {
	switch {
	case len(text) > MaxName:
		return fmt.Sprintf("%s is %d bytes long, more than %d; use a shorter name", field, len(text), MaxName)
	case !utf8.ValidString(text):
		return fmt.Sprintf("%s is %q, which is not UTF-8; use another name", field, text)
	case strings.ContainsFunc(text, unicode.IsControl):
		return fmt.Sprintf("%s is %q, which has a control character; use another name", field, text)
	}
	return ""
}

func (f *Fault) checkTimes(Info) string {
	for _, t := range [...]struct {
		field Fields
		d     time.Duration
	}{{FieldAt, f.At}, {FieldFor, f.For}, {FieldMin, f.Min}, {FieldMax, f.Max}, {FieldPeriod, f.Period}} {
		if problem := checkTime(t.field.String(), t.d); problem != "" {
			return problem
		}
	}
	if f.Offset < -MaxTime || f.Offset > MaxTime {
		return fmt.Sprintf("offset is %v, beyond ten years; use a smaller one", f.Offset)
	}
	return ""
}

func checkTime(field string, d time.Duration) string {
	switch {
	case d < 0:
		return fmt.Sprintf("%s is %v; it must not be negative", field, d)
	case d > MaxTime:
		return fmt.Sprintf("%s is %v, more than ten years; use a shorter one", field, d)
	}
	return ""
}

func (f *Fault) checkNumbers(info Info) string {
	low, high := int64(0), int64(Million)
	switch f.Kind {
	case Drift:
		low, high = -MaxDrift, MaxDrift
	case Slow:
		high = MaxSlow
	}
	for _, n := range [...]struct {
		field           Fields
		value, low, top int64
	}{
		{FieldPPM, f.PPM, low, high},
		{FieldBoot, int64(f.Boot), 0, maxBoot},
		{FieldBytes, f.Bytes, 0, maxCount},
		{FieldQueue, int64(f.Queue), 0, maxQueue},
	} {
		if n.value < n.low || n.value > n.top {
			return fmt.Sprintf("%s is %d; it must lie between %d and %d", n.field, n.value, n.low, n.top)
		}
	}
	if f.Nth > maxCount {
		return fmt.Sprintf("nth is %d; it must lie between 1 and %d", f.Nth, int64(maxCount))
	}
	if f.Sectors < -maxSectors || f.Sectors > maxSectors {
		return fmt.Sprintf("sectors is %d; it must lie between %d and %d", f.Sectors, int64(-maxSectors), int64(maxSectors))
	}
	if f.Conn > maxCount {
		return fmt.Sprintf("conn is %d; it must lie between 1 and %d", f.Conn, int64(maxCount))
	}
	return ""
}

// checkTogether looks at fields that depend on each other.
func (f *Fault) checkTogether(info Info) string {
	if f.picksOnDisk(info) {
		return f.checkPick()
	}
	switch {
	case f.Sectors != 0:
		return "sectors is about one write, and nth is missing; say which write is meant, counted from 1"
	case f.Kind == SyncFail && f.PPM == 0:
		return "ppm and nth are both missing; give the chance of each sync, or say which sync of a file fails"
	case f.Kind == Short && f.PPM == 0:
		return "ppm and nth are both missing; give the chance of each write, or say which write to a file is short"
	case f.Kind == Short && f.Bytes != 0:
		return "bytes is about one write, and nth is missing; say which write is meant, counted from 1"
	case f.Max != 0 && f.Max < f.Min:
		return fmt.Sprintf("max is %v, less than min, which is %v; make max the larger one", f.Max, f.Min)
	case f.Kind == Latency && f.Shape == Fixed && f.Max > f.Min:
		return fmt.Sprintf(`min is %v and max is %v, but shape is fixed; leave max out, or say how it spreads, such as "uniform"`, f.Min, f.Max)
	case f.Shape != Fixed && f.Max == 0:
		return fmt.Sprintf("shape is %v, but max is missing; give the longest delay", f.Shape)
	case len(f.From) == 1 && len(f.To) == 1 && f.From[0] == f.To[0] && isNode(f.From[0]):
		return fmt.Sprintf("from and to are both %q; a node has no link to itself, so name two", f.From[0])
	case f.Kind == Slow && f.PPM == 0 && f.Min == 0 && f.Max == 0:
		return "ppm, min and max are all missing; say how much slower, or how long each message waits"
	case f.Kind == Flapping && f.Period < MinPartition, f.Kind == Swizzle && f.Period < MinPartition:
		return fmt.Sprintf("period is %v; it must be at least %v", f.Period, MinPartition)
	case info.Group == Partitions && f.For != 0 && f.For < MinPartition:
		return fmt.Sprintf("for is %v; a partition lasts at least %v, or leave it out for one until quiet", f.For, MinPartition)
	case f.Kind == Flapping && f.For != 0 && f.For < f.Period:
		return fmt.Sprintf("for is %v, less than one period of %v; make it last longer", f.For, f.Period)
	case f.Kind == Swizzle && f.For != 0 && f.For < 2*f.Period:
		return fmt.Sprintf("for is %v, less than two periods of %v, to clog and to release; make it last longer", f.For, f.Period)
	}
	return ""
}

// checkPick looks at a fault about one operation of a file.
func (f *Fault) checkPick() string {
	switch {
	case f.File == "":
		return "file is missing; nth counts the operations on one file, so name it"
	case hasRole(f.Nodes):
		return "nodes has a role, and nth counts what one node does; name the node"
	case f.Kind != CrashAt && (f.At != 0 || f.For != 0):
		return "at and for have no meaning next to nth, which is counted from the beginning of the run; leave them out"
	case f.PPM != 0:
		return "ppm and nth are both there, and nth leaves nothing to chance; leave one out"
	}
	return ""
}

// hasRole reports whether one of the names is that of a role.
func hasRole(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return name != "" && name[0] == '@' })
}

// isNode reports whether the name is that of one node, not a group of nodes.
func isNode(name string) bool {
	return name != "" && name != "*" && name[0] != '@' && name[0] != '%'
}
