package strictjson_test

import (
	"fmt"

	"samerun/internal/strictjson"
)

type point struct {
	name string
	x    int64
}

func read(data string) (p point, err error) {
	r, err := strictjson.NewReader([]byte(data))
	if err != nil {
		return p, err
	}
	err = r.Object("the point", func(key string) error {
		switch key {
		case "x":
			return r.Int(key, &p.x, 1000)
		case "name":
			return r.Text(key, &p.name)
		}
		return r.Errorf("%q is no field of a point", key)
	})
	if err == nil {
		err = r.End("point")
	}
	return p, err
}

func Example() {
	for _, data := range []string{
		`{"name": "a", "x": -7}`,
		"{\"name\": \"a\",\n \"x\": 1001}",
		`{"x": 1, "x": 2}`,
		`{"y": 1}`,
		`{"x": 1} {`,
		`{"x": 1`,
	} {
		fmt.Println(read(data))
	}
	// Output:
	// {a -7} <nil>
	// {a 0} line 2: x is "1001"; it must be a whole number of at most 1000
	// { 1} line 1: the field "x" stands twice; keep one
	// { 0} line 1: "y" is no field of a point
	// { 1} line 1: something follows after the end of the point; remove it
	// { 1} line 1: this is not JSON: it ends too early; something is cut off
}
