package sniff

import "strings"

// preface is what a client of HTTP/2 says first.
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// http2 knows frames of HTTP/2, as gRPC sends them: "HTTP/2 HEADERS DATA", and the path of a
// request that is sent in plain letters: "/board.Board/Post".
func http2(head []byte, _ bool) string {
	rest, begins := strings.CutPrefix(string(head), preface)
	frames := framesOf(rest)
	switch {
	case begins && len(frames) == 0:
		return "HTTP/2 preface"
	case begins:
		frames = append([]string{"preface"}, frames...)
	case len(frames) == 0:
		return ""
	}
	for i, f := range frames {
		if strings.HasPrefix(f, "/") {
			if frames = frames[i:]; len(frames) == 1 {
				return f
			}
			return strings.Join(frames, " ")
		}
	}
	return "HTTP/2 " + strings.Join(frames, " ")
}

// frameKinds are the frames of HTTP/2 by their numbers.
var frameKinds = [...]string{"DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE", "CONTINUATION"}

// framesOf lists the frames that a text begins with, each kind once; none if it does not
// look like frames.
func framesOf(s string) (frames []string) {
	const header = 9
	seen := [len(frameKinds)]bool{}
	for first := true; len(s) >= header; first = false {
		length := int(s[0])<<16 | int(s[1])<<8 | int(s[2])
		kind, flags, stream := int(s[3]), s[4], uint32(s[5])<<24|uint32(s[6])<<16|uint32(s[7])<<8|uint32(s[8])
		if kind >= len(frameKinds) || length > 1<<14 || stream>>31 != 0 || !fits(kind, length, stream) {
			if first {
				return nil
			}
			return frames
		}
		body := s[header:]
		if !seen[kind] {
			seen[kind] = true
			name := frameKinds[kind]
			if path := plainPath(body[:min(length, len(body))], flags); kind == 1 && path != "" {
				name = path
			}
			frames = append(frames, name)
		}
		if length > len(body) {
			break
		}
		s = body[length:]
	}
	return frames
}

// fits reports whether a frame of a kind can have this length and be on this stream.
func fits(kind, length int, stream uint32) bool {
	switch frameKinds[kind] {
	case "SETTINGS":
		return stream == 0 && length%6 == 0
	case "PING":
		return stream == 0 && length == 8
	case "GOAWAY":
		return stream == 0 && length >= 8
	case "WINDOW_UPDATE", "RST_STREAM":
		return length == 4
	case "PRIORITY":
		return stream != 0 && length == 5
	}
	return stream != 0
}

// plainPath is the field :path of a block of headers, if it comes before anything that only
// a decoder of the whole connection understands, and is not compressed.
func plainPath(block string, flags byte) string {
	if flags&0x8 != 0 && block != "" { // it is padded
		block = block[1:]
	}
	if flags&0x20 != 0 { // it has a priority
		block = block[min(5, len(block)):]
	}
	for len(block) > 1 {
		switch b := block[0]; {
		case b&0x80 != 0: // a field of the tables
			block = block[1:]
		case b == 0x44, b == 0x04, b == 0x14: // a path that is written out
			n := int(block[1])
			if n&0x80 != 0 || n == 0x7f || len(block) < 2+n || n == 0 || block[2] != '/' {
				return ""
			}
			return block[2 : 2+n]
		default:
			return ""
		}
	}
	return ""
}
