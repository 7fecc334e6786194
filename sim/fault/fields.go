package fault

import (
	"math/bits"
	"strings"
)

// Fields is a set of the fields of a Fault, Kind left out.
type Fields uint32

// The fields, in the order in which JSON shows them.
const (
	FieldAt Fields = 1 << iota
	FieldFor
	FieldFrom
	FieldTo
	FieldNodes
	FieldBoot
	FieldMethod
	FieldDir
	FieldNth
	FieldPPM
	FieldShape
	FieldMin
	FieldMax
	FieldBytes
	FieldQueue
	FieldPeriod
	FieldOffset
	FieldFile
	FieldConn
	FieldSectors

	noField
	allFields = noField - 1
)

var fieldNames = [...]string{
	"at", "for", "from", "to", "nodes", "boot", "method", "dir", "nth", "ppm", "shape",
	"min", "max", "bytes", "queue", "period", "offset", "file", "conn", "sectors",
}

// fieldOf returns the field of this name in JSON, or 0.
func fieldOf(name string) Fields {
	for i := range fieldNames {
		if fieldNames[i] == name {
			return 1 << i
		}
	}
	return 0
}

// List returns the fields of the set one by one, in the order of JSON.
func (f Fields) List() []Fields {
	var list []Fields
	for rest := f & allFields; rest != 0; rest &= rest - 1 {
		list = append(list, rest&-rest)
	}
	return list
}

// String returns the names of the fields as in JSON, with commas between.
func (f Fields) String() string {
	var b strings.Builder
	for _, one := range f.List() {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(fieldNames[bits.TrailingZeros32(uint32(one))])
	}
	return b.String()
}

// isSet returns the fields of f that are not zero.
func (f *Fault) isSet() Fields {
	var s Fields
	set := func(field Fields, yes bool) {
		if yes {
			s |= field
		}
	}
	set(FieldAt, f.At != 0)
	set(FieldFor, f.For != 0)
	set(FieldFrom, len(f.From) > 0)
	set(FieldTo, len(f.To) > 0)
	set(FieldNodes, len(f.Nodes) > 0)
	set(FieldBoot, f.Boot != 0)
	set(FieldMethod, f.Method != "")
	set(FieldDir, f.Dir != 0)
	set(FieldNth, f.Nth != 0)
	set(FieldPPM, f.PPM != 0)
	set(FieldShape, f.Shape != 0)
	set(FieldMin, f.Min != 0)
	set(FieldMax, f.Max != 0)
	set(FieldBytes, f.Bytes != 0)
	set(FieldQueue, f.Queue != 0)
	set(FieldPeriod, f.Period != 0)
	set(FieldOffset, f.Offset != 0)
	set(FieldFile, f.File != "")
	set(FieldConn, f.Conn != 0)
	set(FieldSectors, f.Sectors != 0)
	return s
}
