package overlay

import (
	"fmt"
	"os"
	"regexp"
	"testing"
)

// Whoever requires this module gets its go directive as the lowest of their own, which
// decides what go vet refuses and what loops and timers do in their code. So it is the
// oldest version that the tool supports, and no dependency may ask for a later one.
func TestGoDirectiveIsTheOldestSupported(t *testing.T) {
	for _, file := range []string{"../../go.mod", "../../examples/labs/go.mod"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(data)
		if want := fmt.Sprintf("1.%d.0", oldest); m == nil || string(m[1]) != want {
			t.Errorf("%s: the go directive is %q, not %s", file, m, want)
		}
		if regexp.MustCompile(`(?m)^toolchain `).Match(data) {
			t.Errorf("%s names a toolchain", file)
		}
	}
}
