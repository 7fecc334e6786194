package plan

import (
	"strconv"
	"strings"

	"samerun/internal/overlay/leaf/diskrule"
)

// DiskSpan is a rule of disks in a plan: the disk is that of the test itself.
type DiskSpan struct {
	Rule       diskrule.DiskRule
	Begin, End int64 // in nanoseconds of the test; End is -1 for never
}

// diskWord begins the line of such a rule.
const diskWord = "disk "

// diskFields are the numbers that a line may have.
var diskFields = [...]string{"nth", "ppm", "min", "max", "bytes"}

// diskNumber is the one at a place.
func diskNumber(r *diskrule.DiskRule, i int) *int64 {
	return [...]*int64{&r.Nth, &r.PPM, &r.Min, &r.Max, &r.Bytes}[i]
}

// AppendDisk appends the rule as a line of a plan:
//
//	disk syncfail index=3 key=1a2b3c4d5e6f7081 begin=1100000000 end=1400000000 ppm=100000 file "wal"
//
// Numbers that are 0 are left out, and end if there is none. An empty file is every one.
func AppendDisk(b []byte, d *DiskSpan) []byte {
	r := d.Rule
	b = append(append(b, diskWord...), r.Kind.String()...)
	b = strconv.AppendInt(append(b, " index="...), int64(r.Index), 10)
	b = strconv.AppendUint(append(b, " key="...), r.Key, 16)
	b = strconv.AppendInt(append(b, " begin="...), d.Begin, 10)
	if d.End >= 0 {
		b = strconv.AppendInt(append(b, " end="...), d.End, 10)
	}
	for i, name := range diskFields {
		if v := *diskNumber(&r, i); v != 0 {
			b = strconv.AppendInt(append(append(append(b, ' '), name...), '='), v, 10)
		}
	}
	return append(strconv.AppendQuote(append(b, " file "...), r.File), '\n')
}

// parseDisk reads such a line behind its first word.
func parseDisk(line string) (d DiskSpan, problem string) {
	head, file, ok := strings.Cut(line, " file ")
	if !ok {
		return d, "file is missing"
	}
	word, rest, _ := strings.Cut(head, " ")
	r := &d.Rule
	if r.Kind = diskrule.DiskKindOf(word); r.Kind == 0 {
		return d, "there is no kind of disks " + strconv.Quote(word)
	}
	name, err := strconv.Unquote(file)
	if err != nil {
		return d, file + " is no name of a file"
	}
	r.File, d.End = name, -1
	seen := map[string]bool{}
	for _, word := range strings.Fields(rest) {
		name, value, _ := strings.Cut(word, "=")
		if seen[name] {
			return d, name + " is there twice"
		}
		seen[name] = true
		if name == "key" {
			if r.Key, err = strconv.ParseUint(value, 16, 64); err != nil {
				return d, "key is " + strconv.Quote(value) + ", not a number of up to 16 hexadecimal digits"
			}
			continue
		}
		v, err := strconv.ParseInt(value, 10, 64)
		if err != nil || v < 0 {
			return d, name + " is " + strconv.Quote(value) + ", not a whole number from 0"
		}
		switch name {
		case "index":
			r.Index = int(v)
		case "begin":
			d.Begin = v
		case "end":
			d.End = v
		default:
			i := 0
			for i < len(diskFields) && diskFields[i] != name {
				i++
			}
			if i == len(diskFields) {
				return d, "there is no number " + strconv.Quote(name) + " of disks"
			}
			*diskNumber(r, i) = v
		}
	}
	for _, name := range [...]string{"index", "key", "begin"} {
		if !seen[name] {
			return d, name + " is missing"
		}
	}
	if d.End >= 0 && d.End < d.Begin {
		return d, "begin and end are not a range of times"
	}
	return d, r.Problem()
}
