package text

import "fmt"

// Count writes a number of things: "1 fault", "2 faults".
func Count[N ~int | ~uint64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Ordinal writes the place of a thing among others: "1st", "2nd", "11th".
func Ordinal[N ~int | ~uint64](n N) string {
	suffix := "th"
	if n%100/10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n) + suffix
}
