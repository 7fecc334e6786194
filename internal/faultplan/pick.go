package faultplan

import (
	"strconv"
	"strings"
	"time"

	"samerun/sim/fault"
)

// PickOf returns the element that does what chance has done, from the words of a result
// (wire.Pick): the kind, numbers with their names, and the link.
//
//	hold conn=2 nth=5 dir=1 min=200000000 from "TestX" to "listener 1"
//	syncfail nth=4 node=0 file="TestX3/001/wal"
//
// It reports false if that cannot be said by an element, as of a dial whose first message
// was lost.
func PickOf(words string) (f fault.Fault, ok bool) {
	kind, rest, _ := strings.Cut(words, " ")
	f.Kind = fault.Kind(kind)
	for rest != "" {
		word, after, _ := strings.Cut(rest, " ")
		if word == "from" || word == "to" {
			quoted, err := strconv.QuotedPrefix(after)
			if err != nil {
				return f, false
			}
			name, err := strconv.Unquote(quoted)
			if err != nil {
				return f, false
			}
			if rest = strings.TrimPrefix(after[len(quoted):], " "); word == "from" {
				f.From = []string{name}
			} else {
				f.To = []string{name}
			}
			continue
		}
		name, value, _ := strings.Cut(word, "=")
		if name == "file" { // it is the last, and may have spaces
			_, quoted, _ := strings.Cut(rest, "=")
			file, err := strconv.Unquote(quoted)
			if err != nil {
				return f, false
			}
			f.Nodes, f.File = []string{"*"}, file
			break
		}
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return f, false
		}
		switch name {
		case "conn":
			f.Conn = uint64(n)
		case "bytes":
			f.Bytes = n
		case "nth":
			f.Nth = uint64(n)
		case "dir":
			f.Dir = fault.Dir(n)
		case "node": // the one that there is
		case "min":
			f.Min = time.Duration(n)
		default:
			return f, false
		}
		rest = after
	}
	return f, f.Validate() == nil
}
