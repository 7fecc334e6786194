package fault

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// genFault draws any valid element.
func genFault() *rapid.Generator[Fault] {
	return rapid.Custom(func(t *rapid.T) Fault {
		info := rapid.SampledFrom(Kinds()).Draw(t, "kind")
		f := Fault{Kind: info.Kind}
		want := info.Required | info.Optional&Fields(rapid.Uint32().Draw(t, "optional"))
		duration := func(name string, low time.Duration) time.Duration {
			if rapid.Bool().Draw(t, name+" is long") {
				return time.Duration(rapid.Int64Range(int64(low), int64(MaxTime)).Draw(t, name))
			}
			return time.Duration(rapid.Int64Range(int64(low), int64(3*time.Second)).Draw(t, name))
		}
		for _, field := range want.List() {
			switch field {
			case FieldAt:
				f.At = duration("at", 0)
			case FieldFor:
				f.For = duration("for", MinPartition)
			case FieldFrom:
				f.From = genNames().Draw(t, "from")
			case FieldTo:
				f.To = genNames().Draw(t, "to")
			case FieldNodes:
				f.Nodes = genNames().Draw(t, "nodes")
			case FieldBoot:
				f.Boot = rapid.IntRange(0, maxBoot).Draw(t, "boot")
			case FieldMethod:
				f.Method = genText().Draw(t, "method")
			case FieldDir:
				f.Dir = Dir(rapid.IntRange(0, 2).Draw(t, "dir"))
			case FieldNth:
				f.Nth = rapid.Uint64Range(1, maxCount).Draw(t, "nth")
			case FieldPPM:
				f.PPM = rapid.Int64Range(1, MaxDrift).Draw(t, "ppm")
				if f.Kind == Drift && rapid.Bool().Draw(t, "slow") {
					f.PPM = -f.PPM
				}
			case FieldShape:
				f.Shape = Shape(rapid.IntRange(0, 3).Draw(t, "shape"))
			case FieldMin:
				f.Min = duration("min", 1)
			case FieldMax:
				f.Max = duration("max", 1)
			case FieldBytes:
				f.Bytes = rapid.Int64Range(1, maxCount).Draw(t, "bytes")
			case FieldQueue:
				f.Queue = rapid.IntRange(0, maxQueue).Draw(t, "queue")
			case FieldPeriod:
				f.Period = duration("period", MinPartition)
			case FieldOffset:
				f.Offset = duration("offset", 1)
				if rapid.Bool().Draw(t, "back") {
					f.Offset = -f.Offset
				}
			case FieldConn:
				f.Conn = rapid.Uint64Range(1, maxCount).Draw(t, "conn")
			case FieldSectors:
				f.Sectors = rapid.Int64Range(1, maxSectors).Draw(t, "sectors")
				if rapid.Bool().Draw(t, "set") {
					f.Sectors = -f.Sectors
				}
			case FieldFile:
				f.File = genText().Draw(t, "file")
			}
		}
		return repaired(f)
	})
}

// repaired makes fields that depend on each other fit.
func repaired(f Fault) Fault {
	if f.Kind == Slow && f.PPM == 0 && f.Min == 0 {
		f.PPM = 1
	}
	if info, _ := f.Kind.Info(); info.Group == Disks {
		if f.Sectors != 0 && f.Nth == 0 || (f.Kind == SyncFail || f.Kind == Short) && f.PPM == 0 || f.Kind == Short && f.Bytes != 0 {
			f.Nth = max(f.Nth, 1)
		}
		if f.Nth > 0 {
			f.PPM = 0
			if f.File == "" {
				f.File = "f"
			}
			if f.Kind != CrashAt {
				f.At, f.For = 0, 0
			}
			if hasRole(f.Nodes) {
				f.Nodes = []string{"n0"}
			}
		}
	}
	if f.Max != 0 && f.Max < f.Min {
		f.Min, f.Max = f.Max, f.Min
	}
	if f.Max == 0 || f.Max == f.Min {
		f.Shape = Fixed
	} else if f.Kind == Latency && f.Shape == Fixed {
		f.Shape = Uniform
	}
	if f.For != 0 && f.Period != 0 {
		f.Period = min(f.Period, MaxTime/2)
		f.For = max(f.For, 2*f.Period)
	}
	if len(f.From) == 1 && len(f.To) == 1 && f.From[0] == f.To[0] {
		f.To = []string{"*"}
	}
	return f
}

// genNames draws a list of names, odd ones among them.
func genNames() *rapid.Generator[[]string] {
	return rapid.Custom(func(t *rapid.T) []string {
		if rapid.IntRange(0, 4).Draw(t, "all") == 0 {
			return []string{"*"}
		}
		name := rapid.OneOf(
			rapid.SampledFrom([]string{"n0", "n1", "n2", "n3", "@leader", "%rack1", `a "b"`, "ж→<&>\u2028", "日本"}),
			rapid.Custom(func(t *rapid.T) string { return "x" + genText().Draw(t, "name") }))
		return rapid.SliceOfNDistinct(name, 1, 4, rapid.ID[string]).Draw(t, "names")
	})
}

func genText() *rapid.Generator[string] {
	return rapid.StringN(1, 20, 100).Filter(func(s string) bool { return checkText("text", s) == "" && s != "*" })
}

func genSchedule() *rapid.Generator[Schedule] {
	return rapid.Custom(func(t *rapid.T) Schedule {
		s := Schedule{Faults: rapid.SliceOfN(genFault(), 0, 12).Draw(t, "faults")}
		// Some elements stand twice.
		if len(s.Faults) > 0 && rapid.Bool().Draw(t, "again") {
			s.Faults = append(s.Faults, rapid.SampledFrom(s.Faults).Draw(t, "which"))
		}
		s.Quiet = time.Duration(rapid.Int64Range(0, int64(MaxTime)).Draw(t, "quiet"))
		return s
	})
}

func names(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("n%d", i)
	}
	return list
}

// long is a text of n bytes.
func long(n int) string { return strings.Repeat("x", n) }
