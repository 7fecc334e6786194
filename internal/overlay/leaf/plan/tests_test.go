package plan

import (
	"strings"
	"testing"

	"samerun/internal/overlay/leaf/rule"
)

// The rules of a process stand behind the tests that they are for.
func TestParsePlan(t *testing.T) {
	r := rule.Rule{Kind: rule.RuleCut, Key: 7, End: -1, From: rule.RuleEnds{All: true}, To: rule.RuleEnds{Names: []string{"listener 1"}}}
	line := string(AppendRule(nil, &r))
	for _, c := range []struct{ text, want string }{
		{line, "|1"},
		{line + line + "test TestX\n" + line + "test TestY\n", "|2 TestX|1 TestY|0"},
		{"test TestX\n", "TestX|0"},
		{"", ""},
	} {
		tests, problem := ParsePlan(RulesHead + "\n" + c.text)
		var got []string
		for _, test := range tests {
			got = append(got, test.Test+"|"+string(rune('0'+len(test.Rules))))
		}
		if problem != "" || strings.Join(got, " ") != c.want {
			t.Errorf("%q: %q %s", c.text, got, problem)
		}
	}
	for text, want := range map[string]string{
		"":                                       "it is empty",
		RulesHead:                                "line 1 does not end; the file is not whole",
		"samerun faults 2\n":                     `line 1 is not "samerun faults 1"`,
		RulesHead + "\nrest\n":                   `line 2: there is no kind "rest"`,
		RulesHead + "\ntest A\ntest B\ntest A\n": `line 4: the test "A" is there twice`,
	} {
		if _, problem := ParsePlan(text); problem != want {
			t.Errorf("%q: %s, want %s", text, problem, want)
		}
	}
	if _, problem := ParseRules(RulesHead + "\ntest A\n" + line); problem == "" {
		t.Error("rules of one test are taken for all")
	}
}
