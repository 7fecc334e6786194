package float

import "time"

const half = 0.5 // want:float

type point struct {
	x float64 // want:float
	n int
}

func flagged(d time.Duration, n int) int {
	s := d.Seconds()    // want:float
	var f float32       // want:float
	c := complex(1, 2)  // want:float
	if s > 1 || n > 2 { // want:float
		n++
	}
	_, _ = f, c                // want:float
	return int(float64(n) * 2) // want:float
}

func fine(n int64) int64 {
	const million int64 = 1e6
	return n*million + int64(time.Duration(1e9)) + 0x1p3
}
