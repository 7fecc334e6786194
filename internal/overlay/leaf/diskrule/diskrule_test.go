package diskrule

import (
	"reflect"
	"testing"
)

func TestFlat(t *testing.T) {
	for _, r := range []DiskRule{
		{Index: 3, Key: 1 << 63, Kind: DiskUnsynced, Node: -1, PPM: 300000},
		{Kind: DiskTorn, Node: 2, Nth: 4, Sectors: -6, File: "wal/0001"},
		{Kind: DiskSlow, Node: 1, Min: 5, Max: 7, File: "wal/"},
		{Kind: DiskNoSpace, Node: 1, Bytes: 4096},
	} {
		if back, problem := DiskRuleOf(r.Flat()); problem != "" || !reflect.DeepEqual(back, r) {
			t.Errorf("%+v becomes %+v, %q", r, back, problem)
		}
	}
}

func TestProblems(t *testing.T) {
	for want, r := range map[string]DiskRule{
		"there is no such kind of rule for disks":                            {Kind: 10},
		"index is negative":                                                  {Kind: DiskShort, Index: -1},
		"node is below -1":                                                   {Kind: DiskShort, Node: -2},
		"ppm is not 0 to 1000000":                                            {Kind: DiskShort, PPM: 1000001},
		"nth or bytes is negative":                                           {Kind: DiskNoSpace, Bytes: -1},
		"min and max are not a range of times":                               {Kind: DiskSlow, Min: 2, Max: 1},
		"nth is 0, and lose is for one operation: count from 1":              {Kind: DiskLose},
		"sectors is set, and it belongs to torn with nth":                    {Kind: DiskTorn, Sectors: 1},
		"file begins with a slash: it is relative to the folder of the disk": {Kind: DiskShort, File: "/tmp/x"},
		"": {Kind: DiskLose, Nth: 1, File: "/"},
	} {
		if got := r.Problem(); got != want {
			t.Errorf("%+v: %q, want %q", r, got, want)
		}
	}
	if _, problem := DiskRuleOf(make([]int64, 9), ""); problem == "" {
		t.Error("a rule of nine numbers is taken")
	}
	for k := DiskKind(1); k < diskKinds; k++ {
		if DiskKindOf(k.String()) != k {
			t.Errorf("%v has not its own name", k)
		}
	}
	if DiskKindOf("flood") != 0 {
		t.Error("flood is a kind")
	}
}

func TestConcerns(t *testing.T) {
	for _, c := range []struct {
		rule DiskRule
		node int
		file string
		want bool
	}{
		{DiskRule{Kind: DiskTorn, Node: -1}, 3, "a", true},
		{DiskRule{Kind: DiskTorn, Node: 2}, 3, "a", false},
		{DiskRule{Kind: DiskTorn, Node: 3, File: "a"}, 3, "a", true},
		{DiskRule{Kind: DiskTorn, Node: 3, File: "a"}, 3, "ab", false},
		{DiskRule{Kind: DiskTorn, Node: 3, File: "a/"}, 3, "a/b", true},
		{DiskRule{Kind: DiskTorn, Node: 3, File: "a/"}, 3, "ab", false},
		{DiskRule{Kind: DiskTorn, Node: 3, File: "/"}, 3, "ab", true},
		{DiskRule{Kind: DiskLose, Node: 3, File: "a/"}, 3, "a/", true},
		{DiskRule{Kind: DiskLose, Node: 3, File: "a/"}, 3, "a/b", false},
		{DiskRule{Kind: DiskLose, Node: 3, File: "/"}, 3, "/", true},
		{DiskRule{Kind: DiskLose, Node: 3, File: "/"}, 3, "b", false},
	} {
		if got := c.rule.Concerns(c.node, c.file); got != c.want {
			t.Errorf("%+v concerns %s of node %d: %v", c.rule, c.file, c.node, got)
		}
	}
}
