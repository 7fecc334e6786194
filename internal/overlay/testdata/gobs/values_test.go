package gobs

import (
	"encoding/gob"
	"errors"
	"strings"
	"time"
)

// Types that a stream of gob can be of, and be read into.

type Point struct{ X, Y int }

type Names struct{ X, Y string }

type Wide struct {
	X     int64
	Y     uint8
	Z     []string
	Inner *Point
}

type Tree struct {
	Name  string
	Left  *Tree
	Right *Tree
	More  []Tree
	ByKey map[string]*Tree
}

// A and B need each other, and B has what A's counterpart has not.
type A struct {
	Next *B
	N    int
}

type B struct {
	Back *A
	S    string
}

type BadA struct {
	Next *BadB
	N    string // A's is a number
}

type BadB struct {
	Back *BadA
	S    string
}

type Any struct {
	What any
	List []any
}

type Shape interface{ Sides() int }

type Square struct{ Side int }

func (Square) Sides() int { return 4 }

type Holder struct {
	Shape Shape
	Extra []Shape
}

// Word is coded by itself.
type Word struct{ text string }

func (w Word) GobEncode() ([]byte, error) {
	if w.text == "unsayable" {
		return nil, errors.New("unsayable")
	}
	return []byte(strings.ToUpper(w.text)), nil
}

func (w *Word) GobDecode(data []byte) error {
	if len(data) > 0 && data[0] == 'X' {
		return errors.New("begins with an X")
	}
	w.text = string(data)
	return nil
}

type Words struct {
	One  Word
	Some []Word
	When time.Time
}

type Deep struct {
	Grid  [2][3]int
	Table map[Point][]Wide
	Bits  []bool
	Ratio complex128
	Bytes []byte
}

type Shy struct {
	Shown  int
	hidden int
}

type Empty struct{}

type Chans struct{ C chan int }

func init() {
	gob.Register(Square{})
	gob.Register(Point{})
	gob.RegisterName("word", Word{})
	gob.Register([]string{})
	gob.Register(&Tree{})
}

// values are what is written.
func values() []any {
	leaf := &Tree{Name: "leaf"}
	return []any{
		1, "one", 2.5, true, []byte("bytes"), []string{"a", "b"}, map[string]int{"k": 7}, [2]uint8{3, 4},
		Point{1, 2}, &Point{-3, 0}, Names{"x", "y"},
		Wide{X: 1 << 40, Y: 200, Z: []string{"z"}, Inner: &Point{5, 6}},
		Tree{Name: "root", Left: leaf, Right: &Tree{Name: "r", More: []Tree{*leaf, {}}}, ByKey: map[string]*Tree{"k": leaf}},
		A{N: 1, Next: &B{S: "b", Back: &A{N: 2}}}, B{S: "s", Back: &A{N: 3, Next: &B{S: "end"}}},
		BadA{N: "n", Next: &BadB{S: "b"}}, BadB{S: "s", Back: &BadA{N: "n"}},
		Any{What: Point{7, 8}, List: []any{"s", 3, Square{2}, []string{"t"}, &Tree{Name: "any"}, Word{"w"}}}, Any{What: 1},
		Any{What: Names{"not", "registered"}}, Any{},
		Holder{Shape: Square{1}, Extra: []Shape{Square{2}, Square{3}}}, Holder{},
		Word{"hello"}, Word{"xylophone"}, Word{"unsayable"},
		Words{One: Word{"a"}, Some: []Word{{"b"}, {"c"}}, When: time.Unix(1e9, 5).UTC()},
		Deep{Grid: [2][3]int{{1, 2, 3}, {4, 5, 6}}, Table: map[Point][]Wide{{1, 1}: {{X: 1}}}, Bits: []bool{true, false}, Ratio: 1 + 2i, Bytes: []byte{0, 255}},
		Shy{1, 2}, Empty{}, Chans{}, nil, (*Point)(nil), 1 << 40, []any{Point{1, 1}, nil, "x"}, []Point{{1, 2}, {3, 4}}, map[string]Point{"p": {9, 9}},
	}
}

// targets are what is read into, new ones each time. The last one means that the value is not wanted.
func targets() []any {
	return []any{
		new(int), new(int8), new(string), new(float64), new(bool), new([]byte), new([]string), new(map[string]int), new([2]uint8), new([3]uint8),
		new(Point), new(*Point), new(Names), new(Wide), new(Tree), new(A), new(B), new(BadA), new(BadB), new(Any), new(Holder), new(Word), new(Words),
		new(Deep), new(Shy), new(Empty), new(any), new([]any), new([]Point), new(map[string]Point), new(Shape), Point{}, new(chan int), nil,
	}
}
