package sniff

import "strings"

// gobRPC knows requests and replies of net/rpc as package gob writes them: "Arith.Multiply",
// "Arith.Multiply reply", "Arith.Multiply error: divide by zero".
func gobRPC(head []byte, reply bool) string {
	b := gob(head)
	for len(b) > 0 {
		n, ok := b.uint()
		if !ok || n == 0 {
			return ""
		}
		message := b[:min(n, uint64(len(b)))]
		whole := n <= uint64(len(b))
		id, ok := message.uint()
		switch {
		case !ok:
			return ""
		case id&1 == 0: // a value: its type has a number above 0
			return message.header(reply)
		case !whole: // the definition of a type, which is longer than what is known
			return ""
		}
		b = b[n:]
	}
	return ""
}

// gob is bytes as package encoding/gob writes them.
type gob []byte

// uint takes a number.
func (b *gob) uint() (n uint64, ok bool) {
	s := *b
	if len(s) == 0 {
		return 0, false
	}
	if s[0] < 128 {
		*b = s[1:]
		return uint64(s[0]), true
	}
	k := 256 - int(s[0])
	if k > 8 || len(s) < 1+k {
		return 0, false
	}
	for _, x := range s[1 : 1+k] {
		n = n<<8 | uint64(x)
	}
	*b = s[1+k:]
	return n, true
}

// string takes a text of printable letters; cut says that the end of it is not known.
func (b *gob) string() (s string, cut, ok bool) {
	n, ok := b.uint()
	if !ok || n > 1<<16 {
		return "", false, false
	}
	k := min(n, uint64(len(*b)))
	s, *b = string((*b)[:k]), (*b)[k:]
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			return "", false, false
		}
	}
	return s, k < n, true
}

// header is the first value of a request or reply: the method; the number of the call; and
// of a reply the error, if there is one.
func (b gob) header(reply bool) string {
	field := uint64(0)
	next := func() bool { // the number of the field that follows
		d, ok := b.uint()
		field += d
		return ok && d > 0
	}
	if !next() || field != 1 {
		return ""
	}
	method, cut, ok := b.string()
	if !ok || cut || !isMethod(method) {
		return ""
	}
	if !reply {
		return method
	}
	for next() && field <= 3 {
		if field == 2 {
			if _, ok := b.uint(); !ok {
				break
			}
			continue
		}
		if problem, _, ok := b.string(); ok && problem != "" {
			return method + " error: " + problem
		}
		break
	}
	return method + " reply"
}

// isMethod reports whether a text is Service.Method.
func isMethod(s string) bool {
	dot := strings.LastIndexByte(s, '.')
	if dot <= 0 || dot == len(s)-1 {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return r != '.' && r != '_' && !('0' <= r && r <= '9') && !('a' <= r && r <= 'z') && !('A' <= r && r <= 'Z') && r < 0x80
	}) < 0
}
