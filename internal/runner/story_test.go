package runner

import "testing"

func TestStory(t *testing.T) {
	tests := []struct{ property, reason, story, head, rest string }{
		{"p", "two leaders", "", `property "p": two leaders`, ""},
		{"", "two leaders", "", "two leaders", ""},
		{"p", "", "", `property "p" broken`, ""},
		{"p", "p does not hold", "x\ny\n", "p does not hold", "x\ny"},
		{"p", "two leaders", "  property p broken at 1s: two leaders\n  more\n    again: SAMERUN_SEED=4 go test\n\n",
			"property p broken at 1s: two leaders", "more"},
		{"p", "zz", "again: SAMERUN_REPLAY=x go test", `property "p": zz`, ""},
	}
	for _, tt := range tests {
		head, rest := SplitStory(&Failure{Property: tt.property, Reason: tt.reason, Story: tt.story})
		if head != tt.head || rest != tt.rest {
			t.Errorf("%+v: %q and %q", tt, head, rest)
		}
	}
}
