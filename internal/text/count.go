package text

import "fmt"

// Count writes a number of things: "1 fault", "2 faults".
func Count[N ~int | ~uint64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
