// Package setting reads the words of settings before there is a package strconv or
// time: package runtime gets it from internal/overlay/bundle.
package setting

// ParseNumber reads a whole number below 2^64, decimal or hexadecimal with 0x in
// front.
func ParseNumber(text string) (n uint64, ok bool) {
	base, digits := uint64(10), text
	if len(text) > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') {
		base, digits = 16, text[2:]
	}
	for i := 0; i < len(digits); i++ {
		d := uint64(99)
		switch c := digits[i] | 0x20; {
		case '0' <= digits[i] && digits[i] <= '9':
			d = uint64(digits[i] - '0')
		case 'a' <= c && c <= 'f':
			d = uint64(c-'a') + 10
		}
		if d >= base || n > (^uint64(0)-d)/base {
			return 0, false
		}
		n = n*base + d
	}
	return n, digits != ""
}

// ParseDay reads a day from 1970 to 2199, such as 2026-11-29, and returns its first
// nanosecond, counted from the begin of 1970, UTC.
func ParseDay(text string) (ns int64, ok bool) {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' {
		return 0, false
	}
	y, m, d := parseDigits(text[:4]), parseDigits(text[5:7]), parseDigits(text[8:])
	days := [...]int64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
		days[1] = 29
	}
	if y < 1970 || y >= 2200 || m < 1 || m > 12 || d < 1 || d > days[m-1] {
		return 0, false
	}
	n := d - 1 + (y-1970)*365 + (y-1969)/4 - (y-1901)/100 + (y-1601)/400
	for _, length := range days[:m-1] {
		n += length
	}
	return n * 86400 * 1000000000, true
}

// parseDigits reads a decimal number; it is -1 if there is anything but digits.
func parseDigits(text string) (n int64) {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return -1
		}
		n = n*10 + int64(text[i]-'0')
	}
	return n
}
