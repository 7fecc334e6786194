// Package ccode asks the clock of the machine in C.
package ccode

// #include <time.h>
// static long long microseconds(void) {
// 	struct timespec t;
// 	clock_gettime(CLOCK_MONOTONIC, &t);
// 	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
// }
import "C"

import "time"

func hundredths() time.Duration { return time.Duration(C.microseconds()) }
