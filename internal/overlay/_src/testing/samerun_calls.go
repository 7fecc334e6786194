package testing

import (
	"fmt"
	"os"
	"strings"
	_ "unsafe" // for go:linkname
)

//go:linkname samerunToldCalls
func samerunToldCalls(most int) (nums []int64, texts []string)

// How many calls by a copy of labrpc a result has, the last of them: for a story, and for a trace
// all that are kept.
const (
	samerunCallsMost   = 400
	samerunCallsTraced = 1 << 30
)

// samerunCallsJSON is the part of the line of results that is about them, in a run that is made
// for a report: numbers and texts of internal/overlay/leaf/callbook, the texts in hexadecimal.
func samerunCallsJSON() string {
	most := samerunCallsMost
	if os.Getenv("SAMERUN_TRACE") != "" {
		most = samerunCallsTraced
	}
	nums, texts := samerunToldCalls(most)
	if len(nums) == 0 {
		return ""
	}
	for i, s := range texts {
		texts[i] = fmt.Sprintf(`"%x"`, s)
	}
	return fmt.Sprintf(`,"calls":{"nums":[%s],"texts":[%s]}`, strings.Trim(strings.Join(strings.Fields(fmt.Sprint(nums)), ","), "[]"), strings.Join(texts, ","))
}
