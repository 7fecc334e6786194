package linear

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// What is wrong is text on the page, whatever a program has said.
func TestHeadingIsText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "TestX-0123.linear.html")
	h := headingOf(path, 7, errors.New("no order explains <script>alert(1)</script>\nmore"))
	m := KV()
	model := m.unbounded()
	_, info := porcupine.CheckOperationsVerbose(model, nil, 0)
	if err := h.write(path, model, info); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<title>TestX-0123, seed 7</title>", "&lt;script&gt;alert(1)&lt;/script&gt;"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(string(page), "<script>alert") || strings.Contains(string(page), ">Porcupine<") {
		t.Error("the page runs what the error says, or has the old title")
	}
}

func TestTimes(t *testing.T) {
	var moments []time.Duration
	for i := range 100 {
		moments = append(moments, time.Duration(i)*time.Millisecond)
	}
	all := times(moments, 0, never)
	if n := len(all); n < mostTimes/2 || n > mostTimes || all[0].Start != 2 || all[0].Description != "0s" || all[1].Description != "9ms" {
		t.Errorf("%d marks: %+v", n, all)
	}
	if few := times(moments, 40, 42); len(few) != 3 || few[0].Description != "39ms" {
		t.Errorf("%+v", few)
	}
	if none := times(nil, 0, never); len(none) != 0 {
		t.Errorf("%+v", none)
	}
}
