package gobwire

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"time"
)

// Named types of the shapes that RPC code uses, and of those that gob treats in a special way.

type entry struct {
	Term int
	Cmd  string
}

type appendArgs struct {
	Term, Leader, Prev int
	Entries            []entry
}

type tree struct {
	Value       int8
	Left, Right *tree
	Kids        []tree
	ByName      map[string]*tree
}

type list []list

type dict map[string]dict

// Two types that need each other and have no struct between them: the order of their ids is a case of its own.
type mapOfSlices map[string]sliceOfMaps
type sliceOfMaps []mapOfSlices

type mutualA struct{ B *mutualB }
type mutualB struct {
	A  []mutualA
	Up *mutualA
}

type inner struct{ X, Y uint16 }

type outer struct {
	inner
	Embedded
	*Pointed
	Hidden chan int
	Fn     func()
	//lint:ignore U1000 it is here to be left out
	lower   int
	Skipped *chan int
	Z       float32
}

type Embedded struct{ E int64 }
type Pointed struct{ P string }

type level uint8
type title string
type octets []byte
type titles []title

// gobber encodes itself by value.
type gobber struct{ n int }

func (g gobber) GobEncode() ([]byte, error) { return []byte{byte(g.n), 7}, nil }
func (g *gobber) GobDecode(b []byte) error {
	if len(b) != 2 {
		return fmt.Errorf("gobber: %d bytes", len(b))
	}
	g.n = int(b[0])
	return nil
}

// ptrGobber encodes itself only through a pointer, and has an exported part, which gob describes without need.
type ptrGobber struct{ Part *entry }

func (g *ptrGobber) GobEncode() ([]byte, error) {
	if g == nil || g.Part == nil {
		return nil, nil
	}
	return []byte(g.Part.Cmd), nil
}
func (g *ptrGobber) GobDecode(b []byte) error {
	g.Part = &entry{Cmd: string(b)}
	return nil
}

type command interface{ isCommand() }

func (entry) isCommand()  {}
func (*inner) isCommand() {}
func (title) isCommand()  {}

type holder struct {
	Any  any
	Cmd  command
	List []any
}

func init() {
	Register(entry{})
	Register(&inner{})
	Register(title(""))
	Register(map[string]any{})
	Register([]any{})
	Register(gobber{})
	Register(time.Time{})
	Register(holder{})
	Register([]entry{})
	RegisterName("the-args", &appendArgs{})
}

var namedTypes = []reflect.Type{
	reflect.TypeFor[entry](), reflect.TypeFor[appendArgs](), reflect.TypeFor[tree](), reflect.TypeFor[list](),
	reflect.TypeFor[dict](), reflect.TypeFor[mutualA](), reflect.TypeFor[mutualB](), reflect.TypeFor[outer](),
	reflect.TypeFor[level](), reflect.TypeFor[title](), reflect.TypeFor[octets](), reflect.TypeFor[titles](),
	reflect.TypeFor[gobber](), reflect.TypeFor[*gobber](), reflect.TypeFor[*ptrGobber](), reflect.TypeFor[time.Time](), reflect.TypeFor[*time.Time](),
	reflect.TypeFor[*big.Int](), reflect.TypeFor[holder](), reflect.TypeFor[any](), reflect.TypeFor[command](), reflect.TypeFor[struct{}](),
	reflect.TypeFor[[]byte](), reflect.TypeFor[[3]byte](), reflect.TypeFor[[0]int](), reflect.TypeFor[**int](), reflect.TypeFor[***entry](),
}

// oddTypes gob can write, but not always read: one of their descriptors may refer to the id 0. Their bytes are compared all the same.
var oddTypes = []reflect.Type{
	reflect.TypeFor[mapOfSlices](), reflect.TypeFor[sliceOfMaps](), reflect.TypeFor[map[string]sliceOfMaps](),
	reflect.TypeFor[struct{ A []sliceOfMaps }](), reflect.TypeFor[struct{ M [2]mapOfSlices }](),
}

var plainTypes = []reflect.Type{
	reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[int16](), reflect.TypeFor[int32](),
	reflect.TypeFor[int64](), reflect.TypeFor[uint](), reflect.TypeFor[uint8](), reflect.TypeFor[uint16](), reflect.TypeFor[uint32](),
	reflect.TypeFor[uint64](), reflect.TypeFor[uintptr](), reflect.TypeFor[float32](), reflect.TypeFor[float64](),
	reflect.TypeFor[complex64](), reflect.TypeFor[complex128](), reflect.TypeFor[string](),
}

// gen draws types and values, the same for the same seed.
type gen struct {
	*rand.Rand
	entries int // most entries of a map
}

func newGen(seed uint64, entries int) *gen {
	return &gen{rand.New(rand.NewPCG(seed, 1)), entries}
}

func pick[T any](g *gen, from []T) T { return from[g.IntN(len(from))] }

func (g *gen) typ(depth int) reflect.Type {
	if depth <= 0 {
		if g.IntN(3) == 0 {
			return pick(g, namedTypes)
		}
		return pick(g, plainTypes)
	}
	switch g.IntN(8) {
	case 0:
		return pick(g, namedTypes)
	case 1:
		return reflect.SliceOf(g.typ(depth - 1))
	case 2:
		return reflect.ArrayOf(g.IntN(4), g.typ(depth-1))
	case 3:
		return reflect.MapOf(g.keyType(), g.typ(depth-1))
	case 4:
		return reflect.PointerTo(g.typ(depth - 1))
	default:
		var fields []reflect.StructField
		for i := range 1 + g.IntN(6) {
			fields = append(fields, reflect.StructField{Name: string(rune('A' + i)), Type: g.typ(depth - 1)})
		}
		return reflect.StructOf(fields)
	}
}

func (g *gen) keyType() reflect.Type {
	switch g.IntN(6) {
	case 0:
		return reflect.TypeFor[entry]()
	case 1:
		return reflect.TypeFor[[2]int16]()
	case 2:
		return reflect.TypeFor[title]()
	}
	return pick(g, plainTypes)
}

// top draws the type of a whole message, which gob does not let be an interface with nothing in it.
func (g *gen) top(depth int) reflect.Type {
	for {
		t := g.typ(depth)
		for base := t; ; base = base.Elem() {
			if base.Kind() == reflect.Pointer {
				continue
			}
			if base.Kind() == reflect.Interface {
				break
			}
			return t
		}
	}
}

// fill sets v, which is a variable, to something. A full value has no nil pointers, so that it can be an element.
func (g *gen) fill(v reflect.Value, depth int, full bool) {
	t := v.Type()
	if !full && g.IntN(4) == 0 {
		return
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(g.Int64N(1e10), g.Int64N(1e9)).UTC()))
		return
	case reflect.TypeFor[*big.Int]():
		v.Set(reflect.ValueOf(big.NewInt(g.Int64())))
		return
	case reflect.TypeFor[gobber]():
		v.Set(reflect.ValueOf(gobber{g.IntN(200)}))
		return
	case reflect.TypeFor[ptrGobber]():
		v.Set(reflect.ValueOf(ptrGobber{&entry{Cmd: "part"}}))
		return
	case reflect.TypeFor[command]():
		v.Set(reflect.ValueOf(pick(g, []any{entry{g.IntN(300), "c"}, &inner{1, 0}, title("t"), &inner{}})))
		return
	case reflect.TypeFor[any]():
		g.fillAny(v, depth)
		return
	}
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(g.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(g.Uint64()) >> (64 - min(1+g.IntN(64), t.Bits())))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(g.Uint64() >> (64 - min(1+g.IntN(64), t.Bits())))
	case reflect.Float32:
		v.SetFloat(float64(float32(g.NormFloat64())))
	case reflect.Float64:
		v.SetFloat(pick(g, []float64{g.NormFloat64(), float64(g.IntN(100)), 1e300}))
	case reflect.Complex64, reflect.Complex128:
		v.SetComplex(complex(float64(g.IntN(9)), float64(g.IntN(2))/2))
	case reflect.String:
		v.SetString(string(make([]byte, pick(g, []int{0, 1, 3, 3, 3, 140}))) + pick(g, []string{"", "x", "put k v"}))
	case reflect.Slice:
		n := g.IntN(4)
		if depth <= 0 {
			n = 0
		}
		v.Set(reflect.MakeSlice(t, n, n))
		for i := range n {
			g.fill(v.Index(i), depth-1, true)
		}
	case reflect.Array:
		for i := range v.Len() {
			g.fill(v.Index(i), depth-1, true)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		n := g.IntN(g.entries + 1)
		if depth <= 0 {
			n = 0
		}
		for range n {
			k, e := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
			g.fill(k, depth-1, true)
			g.fill(e, depth-1, true)
			v.SetMapIndex(k, e)
		}
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		g.fill(v.Elem(), depth-1, full)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if k := f.Type.Kind(); !f.IsExported() || k == reflect.Chan || k == reflect.Func || depth <= 0 && k == reflect.Pointer {
				continue
			}
			g.fill(v.Field(i), depth-1, false)
		}
	}
}

func (g *gen) fillAny(v reflect.Value, depth int) {
	if depth <= 0 {
		v.Set(reflect.ValueOf(g.IntN(1000)))
		return
	}
	h := reflect.New(pick(g, []reflect.Type{
		reflect.TypeFor[int](), reflect.TypeFor[string](), reflect.TypeFor[[]int](), reflect.TypeFor[entry](), reflect.TypeFor[*inner](),
		reflect.TypeFor[*appendArgs](), reflect.TypeFor[map[string]any](), reflect.TypeFor[[]any](), reflect.TypeFor[gobber](),
		reflect.TypeFor[time.Time](), reflect.TypeFor[holder](), reflect.TypeFor[*entry](), reflect.TypeFor[[]entry](),
	})).Elem()
	g.fill(h, depth-1, true)
	v.Set(h)
}

// message draws a type, and a pointer to a value of it, which the second result makes again.
func (g *gen) message(depth int) (reflect.Type, func(seed uint64) any) {
	t := g.top(depth)
	entries := g.entries
	return t, func(seed uint64) any {
		v := reflect.New(t)
		newGen(seed, entries).fill(v.Elem(), depth+2, true)
		return v.Interface()
	}
}
