package testproc

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// An exit status of 0 is good only if package testing says so, too.
func TestCheckMain(t *testing.T) {
	for _, c := range []struct {
		output, odd string
	}{
		{"PASS\n", ""},
		{"a line\nno newlinePASS\n", ""},
		{"FAIL\nPASS\nafterwards\n", ""},
		{"--- FAIL: TestOfAChild (0.00s)\nFAIL\nPASS\n", ""},
		{"it will FAIL\n", ""},
		{"PASS\r\n", ""},
		{"", "before m.Run was done"},
		{"--- FAIL: TestX (0.00s)\n", "before m.Run was done"},
		{"--- FAIL: TestX (0.00s)\nFAIL\nthat was it\n", "TestMain ended the process with exit status 0"},
	} {
		e := Ending{OK: true, Output: c.output}
		e.CheckMain()
		if e.OK != (c.odd == "") || !strings.Contains(e.Odd, c.odd) || !e.OK && e.Reason(0) != e.Odd {
			t.Errorf("%q: %t, %q; want %q", c.output, e.OK, e.Odd, c.odd)
		}
	}
}

func TestUnwritten(t *testing.T) {
	for output, want := range map[string]string{
		"samerun: the record cannot be written whole: is there room?\n":                              "the record cannot be written whole: is there room?",
		"x\nsamerun: the result of seed 7 could not be written (SAMERUN_RESULTS=x): no space left\n": "the result of seed 7 could not be written (SAMERUN_RESULTS=x): no space left",
		"samerun: the result cannot be written: no space left\nexit":                                 "the result cannot be written: no space left",
		"samerun: TestX: the record does not fit this code\n":                                        "",
		"the result cannot be written\n":                                                             "",
	} {
		e := Ending{Output: output}
		if got := fmt.Sprint(e.Unwritten()); got != want && (want != "" || got != "<nil>") {
			t.Errorf("%q: %s, want %q", output, got, want)
		}
	}
}

func TestReason(t *testing.T) {
	tests := []struct {
		end  Ending
		want string
	}{
		{Ending{Status: "exit status 3"}, "the process ended with exit status 3"},
		{Ending{Status: "signal: killed"}, "killed from outside (signal: killed), by the system for want of memory or by somebody: this says nothing of the test"},
		{Ending{Status: "signal: aborted"}, "the process ended with signal: aborted"},
		{Ending{Output: "x\npanic: boom [recovered, repanicked]\n\tpanic: boom\n"}, "panic: boom"},
		{Ending{Output: "fatal error: all goroutines are asleep - deadlock!\n"}, "fatal error: all goroutines are asleep - deadlock!"},
		{Ending{Output: "====\nWARNING: DATA RACE\n"}, "data race"},
		{Ending{Status: "exit status 2", Output: "x\nSIGSEGV: segmentation violation\nPC=0x47d1 m=0 sigcode=1 addr=0x0\nsignal arrived during cgo execution\n"}, "SIGSEGV: segmentation violation"},
		{Ending{Status: "exit status 2", Output: "SIGBUS: bus error\nPC=0x1"}, "SIGBUS: bus error"},
		{Ending{Status: "exit status 2", Output: "SIGNALS: all told\nSIGSEGV: 3 of them\n"}, "the process ended with exit status 2"},
		{Ending{Output: "panic: test timed out after 1s\n", TimedOut: true}, "still running after 1s, the limit of -timeout, so the tool ended it"},
	}
	for _, tt := range tests {
		if got := tt.end.Reason(time.Second); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.end, got, tt.want)
		}
	}
}
