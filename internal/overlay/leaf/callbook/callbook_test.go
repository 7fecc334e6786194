package callbook

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// page is what a book says.
func page(t *testing.T, b *CallBook) BookPage {
	t.Helper()
	p, ok := BookPageOf(b.Flat(BookMost))
	if !ok {
		t.Fatal("the flat form is none")
	}
	return p
}

// harness does what those of the course do.
type harness struct {
	CallBook
	at int64
}

// group makes the ends of a server, or of a client, as goroutine who, and adds the server.
func (h *harness) group(name string, who uint64, n int, add string) {
	for i := range n {
		end := fmt.Sprintf("s%s to %d", name, i)
		h.Told(BookMakesEnd, 1, end, "", who, h.at)
		h.Told(BookConnects, 1, end, fmt.Sprintf("i%d", i), who, h.at)
	}
	if add != "" {
		h.Told(BookAddsServer, 1, "", add, who, h.at)
	}
	for i := range n {
		h.Told(BookEnables, 1, fmt.Sprintf("s%s to %d", name, i), "", who, h.at)
	}
}

// Ends that a goroutine makes before it adds a server are of that server; all others are of
// clients.
func TestOwners(t *testing.T) {
	var h harness
	h.group("a", 7, 3, "i0")
	h.group("client", 7, 3, "")
	h.Told(BookDeletesServer, 1, "", "i0", 7, h.at)
	h.Told(BookAddsServer, 1, "", "i0", 7, h.at) // with the ends that it had
	h.group("b", 7, 3, "i1")                     // behind those of a client
	h.Told(BookAddsServer, 1, "", "i2", 7, 0)
	h.group("other", 8, 1, "") // at the same time
	h.group("c", 7, 2, "")
	h.group("d", 8, 3, "i0")
	h.Told(BookMakesEnd, 1, "slazy", "", 9, 0)
	h.Told(BookConnects, 1, "slazy", "i1", 9, 0)
	h.Calls("slazy", "A.B", 9, 0)
	h.Told(BookAddsServer, 1, "", "i3", 9, 0) // it has called by that end
	h.Told(BookMakesEnd, 1, "sloose", "", 10, 0)
	h.Told(BookAddsServer, 1, "", "i4", 10, 0) // before the end is connected
	want := map[string]int{"sa to 0": 1, "sa to 2": 1, "sclient to 1": 0, "sb to 0": 2, "sb to 2": 2, "sother to 0": 0, "sc to 1": 0, "sd to 1": 1, "slazy": 0, "sloose": 0, "snone": 0}
	owners := page(t, &h.CallBook).Owners
	for end, owner := range want {
		n := h.Calls(end, "A.B", 99, 1)
		got := 0
		if batch := h.call(n).Batch; batch > 0 {
			got = owners[batch-1]
		}
		if got != owner {
			t.Errorf("the end %s is of server %d, want %d", end, got, owner)
		}
	}
}

// What a call can reach is what the network was told before it; what it misses, what it was told
// before it returned.
func TestReach(t *testing.T) {
	var h harness
	h.group("a", 7, 2, "i0")
	end := "sa to 1"
	reach := func(want BookReach, gone bool) {
		t.Helper()
		h.at++
		n := h.Calls(end, "A.B", 1, h.at)
		h.Sends(n, []byte("args"))
		if got := h.call(n).Reach; got != want {
			t.Errorf("it reaches %d, want %d", got, want)
		}
		h.Returns(n, end, false, h.at)
		if got := h.call(n).Gone; got != gone {
			t.Errorf("gone: %v, want %v", got, gone)
		}
	}
	reach(BookNoServer, true)
	h.Told(BookAddsServer, 1, "", "i1", 7, 0)
	reach(BookReaches, false)
	h.Told(BookDisables, 1, end, "", 7, 0)
	reach(BookEndDisabled, true)
	h.Told(BookEnables, 1, end, "", 7, 0)
	h.Told(BookDeletesServer, 1, "", "i1", 7, 0)
	reach(BookNoServer, true)
	h.Told(BookAddsServer, 1, "", "i1", 7, 0)
	reach(BookReaches, false)
	end = "sunknown"
	reach(BookNotConnected, false)

	end = "sa to 1"
	n := h.Calls(end, "A.B", 1, 100)
	h.Handles(n, 101)
	h.Told(BookDeletesServer, 1, "", "i1", 7, 102)
	h.Told(BookAddsServer, 1, "", "i1", 7, 102) // another one, of the same name
	h.Answers(n, []byte("reply"), 103)
	h.Returns(n, end, false, 104)
	want := BookCall{Method: 0, Nth: 7, Batch: 1, Server: 2, Sent: 100, Handled: 101, Answered: 103, Returned: 104, Gone: true, Back: 5, Reply: "reply"}
	if got := *h.call(n); got != want {
		t.Errorf("it is %+v, want %+v", got, want)
	}
}

// The book keeps the last calls, and the flat form has all that is kept.
func TestMost(t *testing.T) {
	var h harness
	h.group("a", 7, 2, "i0")
	first := h.Calls("sa to 0", "A.First", 1, 1)
	for i := range BookMost + 3 {
		n := h.Calls("sa to 0", fmt.Sprintf("A.M%d", i%3), 1, int64(i))
		h.Sends(n, []byte(strings.Repeat("x", BookHead+i%2)))
		if i%5 == 0 {
			h.Told([]BookWhat{BookDisables, BookEnables}[i%2], 1, "sa to 0", "", 7, int64(i))
		}
	}
	h.Sends(first, []byte("forgotten"))
	h.Handles(first, 1)
	h.Answers(first, nil, 1)
	h.Returns(first, "sa to 0", true, 1)
	h.Handles(0, 1)
	p := page(t, &h.CallBook)
	if p.Left != 4 || len(p.Calls) != BookMost || p.Methods[0] != (BookMethod{"A.First", 1, 1}) || p.Methods[1].Last != BookMost+2 && p.Methods[2].Last != BookMost+2 {
		t.Errorf("%d left, %d calls, %+v", p.Left, len(p.Calls), p.Methods)
	}
	if c := p.Calls[BookMost-1]; c != *h.call(h.calls) || c.Size != BookHead+BookMost%2 || len(c.Args) != BookHead {
		t.Errorf("the last one is of %d bytes, %d kept", c.Size, len(c.Args))
	}
	few, ok := BookPageOf(h.Flat(5))
	if !ok || few.Left != BookMost+4-5 || !reflect.DeepEqual(few.Calls, p.Calls[BookMost-5:]) || !reflect.DeepEqual(few.Changes, p.Changes[len(p.Changes)-5:]) {
		t.Errorf("the last five: %d left, %d calls", few.Left, len(few.Calls))
	}
	h.Clear()
	if !h.IsEmpty() || len(page(t, &h.CallBook).Calls) != 0 {
		t.Error("cleared, it has calls")
	}
}

// Servers of one name in two networks are two.
func TestNets(t *testing.T) {
	var b CallBook
	for net := range 2 {
		end := fmt.Sprintf("s%d", net)
		b.Told(BookMakesEnd, uintptr(net+5), end, "", 1, 0)
		b.Told(BookConnects, uintptr(net+5), end, "i0", 1, 0)
	}
	if p := page(t, &b); !reflect.DeepEqual(p.Servers, []string{"i0", "i0"}) || !reflect.DeepEqual(p.Nets, []int{1, 2}) {
		t.Errorf("%q %v", p.Servers, p.Nets)
	}
}

// What is not the flat form of a book is refused.
func TestRefuses(t *testing.T) {
	var h harness
	h.group("a", 7, 2, "i0")
	h.Sends(h.Calls("sa to 0", "A.B", 1, 1), []byte("x"))
	h.Told(BookDisables, 1, "sa to 0", "", 7, 2)
	nums, texts := h.Flat(BookMost)
	if _, ok := BookPageOf(nums, texts); !ok {
		t.Fatal("it is none")
	}
	for i := range nums {
		if _, ok := BookPageOf(nums[:i], texts); ok {
			t.Errorf("%d numbers are taken for a book", i)
		}
		bad := append([]int64(nil), nums...)
		bad[i] = 1 << 40
		BookPageOf(bad, texts) // whatever it says, it does not panic
		bad[i] = -5
		BookPageOf(bad, texts)
	}
	for i := range texts {
		if _, ok := BookPageOf(nums, texts[:i]); ok {
			t.Errorf("%d texts are taken for a book", i)
		}
	}
}
