// Package seeds reads and holds sets of seeds such as "1-1000" or "7,0x20-0x2f".
//
// A seed is an unsigned 64-bit number that names one run. The environment
// variable SAMERUN_SEEDS and the flag -seeds of the tool hold a set of them, in
// one grammar:
//
//	set    = part { "," part }
//	part   = number [ "-" number ]
//	number = decimal digits, or "0x" and hexadecimal digits
//
// Both ends of a range belong to it. Parts may come in any order and may
// overlap: a set is a set, so each seed is in it once and they come out in
// ascending order. Blanks around a number are ignored.
//
// A [Set] is lazy. It keeps the ends of its ranges and never the seeds between
// them, so a set of 10^12 seeds costs as much as a set of two. [Set.Cut] takes
// the next few seeds off the front, which is how a sweep is handed out in
// chunks; [Set.After] gives what is left behind a seed that failed.
package seeds
