package runtime

import "unsafe"

// samerunWriter writes to an open file, on any stack and without memory of the heap. It
// serves one writer at a time.
type samerunWriter struct {
	fd     int32 // -1 for none
	n      int
	failed bool // something could not be written; what follows is not tried
	buf    [32 << 10]byte
}

// text writes a text.
func (w *samerunWriter) text(s string) {
	for i := 0; i < len(s); i++ {
		w.byte(s[i])
	}
}

func (w *samerunWriter) byte(c byte) {
	if w.n == len(w.buf) {
		w.flush()
	}
	w.buf[w.n] = c
	w.n++
}

// decimal writes a number with at least width digits.
func (w *samerunWriter) decimal(x uint64, width int) {
	var digits [20]byte
	i := len(digits)
	for x > 0 || len(digits)-i < max(width, 1) {
		i--
		digits[i] = byte('0' + x%10)
		x /= 10
	}
	for _, c := range digits[i:] {
		w.byte(c)
	}
}

// hex writes a number with 16 hexadecimal digits.
func (w *samerunWriter) hex(x uint64) {
	for i := range 16 {
		w.byte("0123456789abcdef"[x>>(60-4*i)&15])
	}
}

// flush writes what is in the buffer to the file.
func (w *samerunWriter) flush() {
	for done := 0; done < w.n && w.fd >= 0; {
		n := write1(uintptr(w.fd), unsafe.Pointer(&w.buf[done]), int32(w.n-done))
		if n <= 0 {
			w.fd, w.failed = -1, true
			break
		}
		done += int(n)
	}
	w.n = 0
}
