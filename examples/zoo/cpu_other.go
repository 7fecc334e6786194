//go:build !unix

package main

import "time"

var begun = time.Now()

// cpuTime is the real time where nobody tells that of processors.
func cpuTime() time.Duration { return time.Since(begun) }
