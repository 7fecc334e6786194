package runner

import "testing"

func TestStory(t *testing.T) {
	tests := []struct{ property, reason, story, head, rest string }{
		{"p", "two leaders", "", `property "p": two leaders`, ""},
		{"", "two leaders", "", "two leaders", ""},
		{"p", "", "", `property "p" broken`, ""},
		{"p", "p does not hold", "x\ny\n", "p does not hold", "x\ny"},
		{"p", "two leaders", "property p broken at 1s: two leaders\nmore\n\n", "property p broken at 1s: two leaders", "more"},
	}
	for _, tt := range tests {
		head, rest := (&Failure{Property: tt.property, Reason: tt.reason, Output: tt.story}).HeadAndRest()
		if head != tt.head || rest != tt.rest {
			t.Errorf("%+v: %q and %q", tt, head, rest)
		}
	}
}
