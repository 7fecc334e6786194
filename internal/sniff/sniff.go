package sniff

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"samerun/internal/text"
)

// Most is how many columns what Piece returns has at most.
const Most = 40

// Piece says what a piece of a stream or a datagram is that has so many bytes and begins with head.
// reply says that who was dialled sends it. What it returns is one line that can be printed.
func Piece(head []byte, size int, reply bool) string {
	for _, known := range []func(head []byte, reply bool) string{labRPC, http1, http2, jsonRPC, gobRPC, tls} {
		if words := known(head, reply); words != "" {
			return clean(words)
		}
	}
	return clean(plain(head, size))
}

// clean is words as a part of one line.
func clean(words string) string { return cut(text.Line(words), Most) }

// cut shortens words to so many columns.
func cut(words string, most int) string {
	if utf8.RuneCountInString(words) <= most {
		return words
	}
	runes := []rune(words)
	return string(runes[:most-1]) + "…"
}

// plain is what is said of bytes of no protocol: one short line of text is shown as it is, and
// all else as so many bytes, with the beginning of what is a text.
func plain(head []byte, size int) string {
	bytes := text.Count(size, "byte")
	line, rest, _ := strings.Cut(string(head), "\n")
	line = strings.TrimRight(line, "\r")
	for _, r := range line {
		if r == utf8.RuneError || r < ' ' || r == 0x7f {
			return bytes
		}
	}
	if line == "" {
		return bytes
	}
	const short = 24
	if rest == "" && size <= len(line)+2 && utf8.RuneCountInString(line) <= short {
		return strconv.Quote(line)
	}
	return bytes + " " + strconv.Quote(cut(line, short))
}

// http1 knows requests and responses of HTTP/1: "POST /append", "200 OK".
func http1(head []byte, _ bool) string {
	line, _, whole := strings.Cut(string(head), "\n")
	line = strings.TrimRight(line, "\r")
	if rest, ok := strings.CutPrefix(line, "HTTP/1."); ok && len(rest) > 2 && rest[1] == ' ' {
		return strings.TrimSpace(rest[2:])
	}
	method, rest, ok := strings.Cut(line, " ")
	if !ok || len(method) < 3 || len(method) > 10 || strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	path, version, ok := strings.Cut(rest, " ")
	if ok && !strings.HasPrefix(version, "HTTP/1.") || !ok && (whole || len(head) < 64) {
		return "" // a path that is longer than the head has nothing behind it
	}
	if method == "PRI" || path == "" {
		return ""
	}
	if over := cut(path, Most-len(method)-1); over != path {
		path = over
	}
	return method + " " + path
}

// tls knows records of TLS, whose contents nobody can read.
func tls(head []byte, _ bool) string {
	if len(head) < 5 || head[1] != 3 || head[2] > 4 || head[0] < 20 || head[0] > 23 {
		return ""
	}
	return [...]string{"TLS change of cipher", "TLS alert", "TLS handshake", "TLS data"}[head[0]-20]
}
