package fault

import "time"

// The limits of a schedule. They are far beyond what a test needs, and keep
// hostile data from filling the memory or overflowing a sum.
const (
	// MaxFaults is the largest number of elements.
	MaxFaults = 100_000
	// MaxNames is the largest number of names in one list of an element.
	MaxNames = 100_000
	// MaxName is the largest length of a name, a method or a file, in bytes.
	MaxName = 200
	// MaxTime is the largest time and the largest duration: about ten years.
	MaxTime = 10 * 365 * 24 * time.Hour
	// MaxDrift is the largest drift of a clock, either way, in parts per million.
	MaxDrift = 500_000
	// MaxSlow is how much slower a node can be, in parts per million: a thousand
	// times.
	MaxSlow = 1000 * Million
	// MinPartition is the shortest partition. A shorter one would be over before
	// a message notices.
	MinPartition = time.Millisecond

	// MaxSectors is how many sectors of a torn write can be named one by one.
	MaxSectors = 62

	maxSectors = 1 << MaxSectors

	// maxCount bounds all other numbers, so that every reader of JSON agrees on
	// them.
	maxCount = 1<<53 - 1
	maxBoot  = 1_000_000_000
	maxQueue = 1_000_000_000
	maxBytes = 64 << 20 // of JSON
)
