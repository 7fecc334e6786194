package feature

import (
	"fmt"
	"math"
	"reflect"

	"samerun/internal/keyed"
)

// Hash returns a hash of a comparable value that is the same in every process: of its type's
// name and of what it holds. A value that holds an address, such as a pointer or a channel, has
// none: it would be another one in each run.
func Hash(value any) (uint64, error) {
	if value == nil {
		return keyed.Ident("nothing").Uint64(), nil
	}
	v := reflect.ValueOf(value)
	h, err := add(keyed.Ident("value").Str(v.Type().String()), v, 0)
	return h.Uint64(), err
}

// deepest bounds how far values are nested. No comparable value is deeper unless somebody
// tries, by interfaces within interfaces.
const deepest = 100

func add(h keyed.Key, v reflect.Value, depth int) (keyed.Key, error) {
	if depth > deepest {
		return h, fmt.Errorf("it is nested more than %d times", deepest)
	}
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return h.With(1), nil
		}
		return h.With(0), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return h.With(uint64(v.Int())), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return h.With(v.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return h.With(bits(v.Float())), nil
	case reflect.Complex64, reflect.Complex128:
		c := v.Complex()
		return h.With(bits(real(c))).With(bits(imag(c))), nil
	case reflect.String:
		return h.Str(v.String()), nil
	case reflect.Array:
		for i := range v.Len() {
			var err error
			if h, err = add(h, v.Index(i), depth+1); err != nil {
				return h, err
			}
		}
		return h, nil
	case reflect.Struct:
		for i := range v.NumField() {
			var err error
			if h, err = add(h, v.Field(i), depth+1); err != nil {
				return h, fmt.Errorf("field %s: %w", v.Type().Field(i).Name, err)
			}
		}
		return h, nil
	case reflect.Interface:
		if v.IsNil() {
			return h.With(0), nil
		}
		return add(h.Str(v.Elem().Type().String()), v.Elem(), depth+1)
	case reflect.Pointer, reflect.UnsafePointer, reflect.Chan:
		if v.IsNil() {
			return h.With(0), nil
		}
		return h, fmt.Errorf("a %v is an address, which is another one in each run; give what it leads to", v.Type())
	}
	return h, fmt.Errorf("a %v cannot be compared", v.Type())
}

// bits are those of a number; equal numbers have equal bits, both zeros too.
func bits(f float64) uint64 {
	if f == 0 {
		return 0
	}
	return math.Float64bits(f)
}
