package allow

import "time"

func flagged(m map[int]int) {
	/*want:allow*/     //samerun:allow maprange:
	for k := range m { // want:maprange
		println(k)
	}
	//samerun:allow nosuchrule: why want:allow
	// samerun:allow maprange: a blank want:allow
	//samerun:allow maprange a missing colon want:allow
	println() //samerun:allow float: there is none want:allow
	//samerun:allow float: the wrong rule want:allow
	for k := range m { // want:maprange
		println(k)
	}
	//samerun:allow maprange: one line too far want:allow

	for k := range m { // want:maprange
		println(k)
	}
}

func fine(m map[int]int) {
	//samerun:allow maprange: the sum is the same in any order
	for k := range m {
		println(k)
	}
	for k := range m { //samerun:allow maprange: behind the code
		println(k)
	}
	//samerun:allow maprange: two rules,
	//samerun:allow wallclock: one line,
	// and a remark below.
	for k, v := range map[int]time.Time{1: time.Now()} {
		println(k, v.Unix())
	}
}

// whole is exempt as a whole, from one rule.
//
//samerun:allow maprange: each loop of it is safe
func whole(m map[int]int) {
	for k := range m {
		println(k)
	}
	for k, v := range m {
		println(k, v, time.Now().Unix()) // want:wallclock
	}
}

//samerun:allow global: a group of tables
var (
	names  = []string{"a"}
	others = []string{"b"}
)

var (
	//samerun:allow global: one of a group
	table = []string{
		"a",
	}
	more = []string{"b"} // want:global
)
