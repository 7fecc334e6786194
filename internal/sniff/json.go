package sniff

import "strings"

// jsonRPC knows requests and replies of JSON-RPC, 1.0 and 2.0: "Arith.Multiply", "result 56",
// "error divide by zero".
func jsonRPC(head []byte, _ bool) string {
	var method, result, problem string
	isCall := false // it has a member that only such messages have
	jsonMembers(string(head), func(key, value string) {
		switch key {
		case `"method"`:
			method = unquoted(value)
		case `"result"`:
			result = value
		case `"error"`:
			problem = value
		case `"id"`, `"jsonrpc"`, `"params"`:
			isCall = true
		}
	})
	switch {
	case !isCall:
	case method != "":
		return method
	case problem != "" && problem != "null":
		jsonMembers(problem, func(key, value string) { // of version 2.0
			if key == `"message"` {
				problem = value
			}
		})
		return "error " + unquoted(problem)
	case result != "":
		return "result " + result
	}
	return ""
}

// jsonMembers calls f for each member of an object, the end of which may be missing: a value
// that is cut has … at its end.
func jsonMembers(s string, f func(key, value string)) {
	if s = skipSpace(s); s == "" || s[0] != '{' {
		return
	}
	for s = skipSpace(s[1:]); s != "" && s[0] == '"'; s = skipSpace(s[1:]) {
		key, rest, whole := jsonValue(s)
		if s = skipSpace(rest); !whole || s == "" || s[0] != ':' {
			return
		}
		value, rest, whole := jsonValue(skipSpace(s[1:]))
		if !whole {
			value += "…"
		}
		f(key, value)
		if s = skipSpace(rest); s == "" || s[0] != ',' {
			return
		}
	}
}

func skipSpace(s string) string { return strings.TrimLeft(s, " \t\r\n") }

// jsonValue takes a value off a text, which may end within it; whole is then false.
func jsonValue(s string) (value, rest string, whole bool) {
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			if quoted = !quoted; !quoted && depth == 0 {
				return s[:i+1], s[i+1:], true
			}
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']' || c == ',':
			if depth == 0 {
				return strings.TrimSpace(s[:i]), s[i:], true
			}
			if c != ',' {
				if depth--; depth == 0 {
					return s[:i+1], s[i+1:], true
				}
			}
		case c == ':' && depth == 0:
			return s[:i], s[i:], true
		}
	}
	return s, "", false
}

// unquoted is a text without the quotes around it.
func unquoted(s string) string {
	return strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`)
}
