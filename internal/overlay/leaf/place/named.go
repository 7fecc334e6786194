package place

import "samerun/internal/overlay/leaf/mix"

// Named returns what people called a function, given the name by which the
// compiler knows it: "(*Raft).tick" for example.com/raft.(*Raft).tick.func1.2, and for
// the like of raft.TestX.(*Raft).tick.func1, which is the same literal where tick was inlined.
// Type arguments are left in.
func Named(name string) string {
	start, depth := 0, 0
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '/':
			if depth == 0 {
				start = i + 1
			}
		}
	}
	name = name[start:]
	best, receiver := "", -1
	for i, first := 0, true; i <= len(name); first = false {
		end := i
		for depth = 0; end < len(name) && (depth > 0 || name[end] != '.'); end++ {
			switch name[end] {
			case '[', '(':
				depth++
			case ']', ')':
				depth--
			}
		}
		word := name[i:end]
		if dash := indexByte(word, '-'); dash >= 0 && indexByte(word, '[') < 0 {
			word = word[:dash] // a method value, or the body of a loop over a function
		}
		switch {
		case first || word == "" || unnamed(word):
			// The package, or a function literal.
			receiver = -1
		case word[0] == '(':
			receiver = i
		case receiver >= 0:
			best, receiver = name[receiver:i+len(word)], -1
		default:
			best = word
		}
		i = end + 1
	}
	return best
}

// unnamed reports whether a part of a function's name is one that the compiler
// has given.
func unnamed(word string) bool {
	for _, given := range [...]string{"func", "gowrap", "deferwrap", ""} {
		if len(word) > len(given) && word[:len(given)] == given {
			digits := word[len(given):]
			for len(digits) > 0 && '0' <= digits[0] && digits[0] <= '9' {
				digits = digits[1:]
			}
			if len(digits) == 0 {
				return true
			}
		}
	}
	return false
}

// NameHash is a hash of what Named returns, without type arguments.
func NameHash(name string) uint64 {
	h, depth := uint64(0x706c616365), 0
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '[':
			depth++
		case ']':
			depth--
		default:
			if depth == 0 {
				h = mix.Mix(h, uint64(name[i]))
			}
		}
	}
	return h
}
