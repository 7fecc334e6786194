package gobwire_test

import (
	"fmt"

	"samerun/internal/gobwire"
)

func Example() {
	type Point struct{ X, Y int }
	data, err := gobwire.Append(nil, map[string]Point{"b": {3, 0}, "a": {1, 2}})
	if err != nil {
		fmt.Println(err)
	}
	var m map[string]Point
	if err := gobwire.Decode(data, &m); err != nil {
		fmt.Println(err)
	}
	fmt.Println(m)
	fmt.Printf("the value: %x\n", data[len(data)-17:])
	// Output:
	// map[a:{1 2} b:{3 0}]
	// the value: 10ff840002016101020104000162010600
}
