package labgob_test

import (
	"bytes"
	"fmt"

	"samerun/labrpc/labgob"
)

// A server persists its state as a stream of values, and reads it back in the same order.
func Example() {
	var w bytes.Buffer
	e := labgob.NewEncoder(&w)
	for _, v := range []any{4, []string{"x=1", "y=2"}} {
		if err := e.Encode(v); err != nil {
			fmt.Println(err)
		}
	}

	d := labgob.NewDecoder(&w)
	var term int
	var log []string
	if err := d.Decode(&term); err != nil {
		fmt.Println(err)
	}
	if err := d.Decode(&log); err != nil {
		fmt.Println(err)
	}
	fmt.Println(term, log)
	// Output: 4 [x=1 y=2]
}
