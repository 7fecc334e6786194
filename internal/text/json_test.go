package text

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestVisibleJSON(t *testing.T) {
	const evil = "a → b <c>\u202e\u007f\u0085\U000e0001\U0001f600\x1b\n"
	data, err := json.Marshal(map[string]string{evil: evil})
	if err != nil {
		t.Fatal(err)
	}
	seen := VisibleJSON(data)
	if strings.ContainsAny(string(seen), "\u202e\u007f\u0085\U000e0001\x1b\n") || !strings.Contains(string(seen), "→") {
		t.Errorf("%q", seen)
	}
	var back map[string]string
	if err := json.Unmarshal(seen, &back); err != nil || back[evil] != evil {
		t.Errorf("%v, %q", err, back)
	}
}
