package sniff

import "strings"

// labRPC knows the datagrams for messages of labrpc in ordinary Go: a number of eight bytes, then
// 1 and q or r (a request, a reply), the method and the name of the server, each with a zero behind
// it, as far as the message has room for them.
func labRPC(head []byte, _ bool) string {
	const number = 8
	if len(head) < number+3 || head[number] != 1 {
		return ""
	}
	kind, rest := head[number+1], string(head[number+2:])
	method, rest, whole := strings.Cut(rest, "\x00")
	if !whole {
		if method == "" || !isMethodBegin(method) {
			return ""
		}
		method += "…"
	} else if !isMethodBegin(method) {
		return ""
	}
	server, _, named := strings.Cut(rest, "\x00")
	switch {
	case kind == 'q' && named && server != "":
		return method + " to " + server
	case kind == 'q':
		return method
	case kind == 'r' && named && server != "":
		return method + " reply of " + server
	case kind == 'r':
		return method + " reply"
	}
	return ""
}

// isMethodBegin reports whether a text can be the beginning of Service.Method.
func isMethodBegin(s string) bool {
	if s == "" || s[0] == '.' {
		return false
	}
	for _, r := range s {
		if r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return true
}
