package sniff

import (
	"errors"
	"fmt"
	"net"
	"net/rpc"
	"net/rpc/jsonrpc"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"samerun/internal/text"
)

func TestPiece(t *testing.T) {
	frame := func(kind, flags byte, stream byte, body string) string {
		return string([]byte{byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body)), kind, flags, 0, 0, 0, stream}) + body
	}
	for _, c := range []struct{ head, want string }{
		{"POST /append HTTP/1.1\r\nHost: n1:8080\r\n", "POST /append"},
		{"GET / HTTP/1.0\r\n\r\n", "GET /"},
		{"CONNECT /_goRPC_ HTTP/1.0\n\n", "CONNECT /_goRPC_"},
		{"GET /" + strings.Repeat("x", 200), "GET /" + strings.Repeat("x", 34) + "…"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", "200 OK"},
		{"HTTP/1.1 404 Not Found\r\n", "404 Not Found"},
		{"HTTP/1.0 200 Connected to Go RPC\n\n", "200 Connected to Go RPC"},
		{"GET x", `"GET x"`},
		{"12345678\x01qRaft.AppendEntries\x002\x00\x00\x00", "Raft.AppendEntries to 2"},
		{"12345678\x01rRaft.AppendEntries\x00server\x00", "Raft.AppendEntries reply of server"},
		{"12345678\x01qRaft.AppendEntries\x00ser", "Raft.AppendEntries"},
		{"12345678\x01rRaft.Appe", "Raft.Appe… reply"},
		{"12345678\x01qa b\x00", "14 bytes"},
		{"12345678\x01sRaft.X\x00", "17 bytes"},
		{"12345678\x01q", "10 bytes"},
		{"GET /x", `"GET /x"`},
		{"PUT x y HTTP/1.1\r\n", `"PUT x y HTTP/1.1"`},
		{"hello\nworld", `11 bytes "hello"`},
		{"a line that is rather long\n", `27 bytes "a line that is rather l…"`},
		{"", "0 bytes"},
		{"\x00", "1 byte"},
		{"\x1b[31mred", "8 bytes"},
		{"caf\xe9", "4 bytes"},
		{"\x16\x03\x01\x02\x00\x01", "TLS handshake"},
		{"\x17\x03\x03\x00\x20abc", "TLS data"},
		{preface, "HTTP/2 preface"},
		{preface + frame(4, 0, 0, "\x00\x03\x00\x00\x00\x64"), "HTTP/2 preface SETTINGS"},
		{frame(4, 1, 0, ""), "HTTP/2 SETTINGS"},
		{frame(6, 0, 0, "12345678") + frame(6, 1, 0, "12345678"), "HTTP/2 PING"},
		{frame(1, 4, 1, "\x83\x86\x44\x0b/board/Post") + frame(0, 1, 1, "abc"), "/board/Post DATA"},
		{frame(1, 4, 1, "\x83\x86\x44\x8b/board/Post") + frame(0, 1, 1, "abc"), "HTTP/2 HEADERS DATA"},
		{frame(1, 0x2c, 1, "\x00\x00\x00\x00\x00\x10\x83\x04\x02/x"), "/x"},
		{frame(0, 1, 3, strings.Repeat("x", 9000))[:100], "HTTP/2 DATA"},
		{`{"method":"Till.Sell","params":[{"ID":"a, \"b\" }","Price":1}],"id":0}` + "\n", "Till.Sell"},
		{`{"jsonrpc": "2.0", "method": "Till.Sell", "params": [`, "Till.Sell"},
		{`{"id":0,"result":104,"error":null}`, "result 104"},
		{`{"id":0,"result":{"a":[1,2]},"error":null}`, `result {"a":[1,2]}`},
		{`{"id":0,"result":null,"error":"no such sale"}`, "error no such sale"},
		{`{"jsonrpc":"2.0","error":{"code":-32601,"message":"unknown"},"id":"1"}`, "error unknown"},
		{`{"id":0,"result":[1,2,3`, "result [1,2,3…"},
		{`{"method":"x"}`, `"{\"method\":\"x\"}"`},
		{`{"a`, `"{\"a"`},
	} {
		if got := Piece([]byte(c.head), len(c.head), false); got != c.want {
			t.Errorf("%q is %q, want %q", c.head, got, c.want)
		}
	}
	if got := Piece([]byte("ab"), 65536, false); got != `65536 bytes "ab"` {
		t.Error(got)
	}
}

// Desk is a service.
type Desk struct{}

func (*Desk) Add(args *[]int, sum *int) error {
	for _, n := range *args {
		*sum += n
	}
	if *sum < 0 {
		return errors.New("less than nothing")
	}
	return nil
}

// spy is a connection whose writes are listed.
type spy struct {
	net.Conn
	reply bool
	mu    *sync.Mutex
	all   *[]string
}

func (s spy) Write(b []byte) (int, error) {
	s.mu.Lock()
	*s.all = append(*s.all, Piece(b[:min(len(b), 192)], len(b), s.reply))
	s.mu.Unlock()
	return s.Conn.Write(b)
}

// What net/rpc writes is known, on both codecs.
func TestRPC(t *testing.T) {
	for _, c := range []struct {
		serve func(s *rpc.Server, conn spy)
		dial  func(conn spy) *rpc.Client
		want  []string
	}{
		{func(s *rpc.Server, conn spy) { s.ServeConn(conn) }, func(conn spy) *rpc.Client { return rpc.NewClient(conn) },
			[]string{"Desk.Add", "Desk.Add reply", "Desk.Add", "Desk.Add reply", "Desk.Add", "Desk.Add error: less than nothing"}},
		{func(s *rpc.Server, conn spy) { s.ServeCodec(jsonrpc.NewServerCodec(conn)) }, func(conn spy) *rpc.Client { return jsonrpc.NewClient(conn) },
			[]string{"Desk.Add", "result 5", "Desk.Add", "result 0", "Desk.Add", "error less than nothing"}},
	} {
		var mu sync.Mutex
		var all []string
		one, other := net.Pipe()
		server := rpc.NewServer()
		if err := server.Register(new(Desk)); err != nil {
			t.Fatal(err)
		}
		go c.serve(server, spy{one, true, &mu, &all})
		client := c.dial(spy{other, false, &mu, &all})
		for _, args := range [][]int{{2, 3}, {}, {-1}} {
			sum := 0
			if err := client.Call("Desk.Add", &args, &sum); err != nil && sum >= 0 && err.Error() != "less than nothing" {
				t.Fatal(err)
			}
		}
		client.Close()
		mu.Lock()
		if !slices.Equal(all, c.want) {
			t.Errorf("%q\nwant %q", all, c.want)
		}
		mu.Unlock()
	}
}

// Whatever the bytes are, they are told in one line that is not too long, of which no byte
// moves the cursor.
func FuzzPiece(f *testing.F) {
	for _, s := range []string{"POST /append HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n", preface, `{"method":"A.B","id":0}`, `{"id":0,"result":[1,"`, "\x16\x03\x01\x02\x00", "\x00\x00\x06\x04\x00\x00\x00\x00\x00", "\xff\x81\x03\x01", "\x0d\x00\x01\x0eArith.Multiply", "\u202eabc"} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, head []byte, reply bool) {
		before := string(head)
		got := Piece(head, len(head), reply)
		switch {
		case got == "", utf8.RuneCountInString(got) > Most, !utf8.ValidString(got):
			t.Errorf("%q is told as %q", head, got)
		case text.Line(got) != got:
			t.Errorf("%q is told as %q, which is not one plain line", head, got)
		case string(head) != before:
			t.Error("the bytes were changed")
		}
		if again := fmt.Sprint(Piece(head, len(head), reply)); again != got {
			t.Errorf("%q, and then %q", got, again)
		}
	})
}
