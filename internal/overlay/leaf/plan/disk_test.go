package plan

import (
	"reflect"
	"testing"

	"samerun/internal/overlay/leaf/diskrule"
)

// A rule of disks is read as it was written, among others.
func TestDiskLines(t *testing.T) {
	want := []DiskSpan{
		{Rule: diskrule.DiskRule{Index: 3, Key: 1 << 63, Kind: diskrule.DiskSyncFail, PPM: 100, File: "a b/\"c\""}, Begin: 5, End: 7},
		{Rule: diskrule.DiskRule{Kind: diskrule.DiskSlow, Min: 1, Max: 2}, End: -1},
		{Rule: diskrule.DiskRule{Kind: diskrule.DiskNoSpace, Bytes: 9, File: "d/"}, End: 0},
		{Rule: diskrule.DiskRule{Kind: diskrule.DiskSyncFail, Nth: 2, File: "f"}, End: -1},
	}
	text := []byte(RulesHead + "\ntest TestX\n")
	for i := range want {
		text = AppendDisk(text, &want[i])
	}
	tests, problem := ParsePlan(string(text))
	if problem != "" || len(tests) != 1 || !reflect.DeepEqual(tests[0].Disks, want) || tests[0].Rules != nil {
		t.Errorf("%s: %+v\nof\n%s", problem, tests, text)
	}
}

func TestDiskLinesThatAreWrong(t *testing.T) {
	for line, want := range map[string]string{
		`disk syncfail index=0 key=1 begin=0`:                      "line 2: file is missing",
		`disk flood index=0 key=1 begin=0 file ""`:                 `line 2: there is no kind of disks "flood"`,
		`disk syncfail index=0 key=1 begin=0 file wal`:             "line 2: wal is no name of a file",
		`disk syncfail index=0 key=x begin=0 file ""`:              `line 2: key is "x", not a number of up to 16 hexadecimal digits`,
		`disk syncfail index=0 key=1 file ""`:                      "line 2: begin is missing",
		`disk syncfail index=0 key=1 begin=0 ppm=-1 file ""`:       `line 2: ppm is "-1", not a whole number from 0`,
		`disk syncfail index=0 key=1 begin=0 sectors=1 file ""`:    `line 2: there is no number "sectors" of disks`,
		`disk syncfail index=0 key=1 begin=0 begin=0 file ""`:      "line 2: begin is there twice",
		`disk syncfail index=0 key=1 begin=2 end=1 file ""`:        "line 2: begin and end are not a range of times",
		`disk lose index=0 key=1 begin=0 file "f"`:                 "line 2: nth is 0, and lose is for one operation: count from 1",
		`disk syncfail index=0 key=1 begin=0 ppm=1000001 file "f"`: "line 2: ppm is not 0 to 1000000",
	} {
		if _, problem := ParsePlan(RulesHead + "\n" + line + "\n"); problem != want {
			t.Errorf("%s\n got %s\nwant %s", line, problem, want)
		}
	}
	if _, problem := ParseRules(RulesHead + "\n" + `disk slowdisk index=0 key=1 begin=0 min=1 file ""` + "\n"); problem != "it has rules of disks" {
		t.Error(problem)
	}
}
