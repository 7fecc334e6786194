package callbook

// BookPage is the flat form of a book, as it goes from the process of a test to the tool.
type BookPage struct {
	Methods []BookMethod
	Owners  []int    // of each batch, from batch 1: the number of its server, or 0
	Servers []string // the names of servers, from server 1
	Nets    []int    // of each server, in which network it is, from 1
	Calls   []BookCall
	Changes []BookChange
	Left    uint64 // how many calls there were before these
}

// BookMethod is what is known of all calls of a method: how many there were, and when the last one was
// sent.
type BookMethod struct {
	Name  string
	Calls uint64
	Last  int64
}

// The widths of a call and a change in the flat form.
const (
	bookCallWidth   = 11
	bookChangeWidth = 5
)

// Flat returns what was noted, of calls and changes the last ones, so many at most, in numbers and
// texts. It begins with seven numbers: how many calls were left out, and how many methods, batches,
// servers, calls and changes follow, and how wide a call is.
func (b *CallBook) Flat(most int) (nums []int64, texts []string) {
	calls, changes := min(len(b.kept), most), min(len(b.changed), most)
	nums = append(nums, int64(b.calls)-int64(calls), int64(len(b.methods)), int64(len(b.batch)), int64(len(b.server)), int64(calls), int64(changes), bookCallWidth)
	for i := range b.methods {
		nums = append(nums, int64(b.methods[i].calls), b.methods[i].last)
		texts = append(texts, b.methods[i].name)
	}
	for i := range b.batch {
		nums = append(nums, int64(b.batch[i].owner))
	}
	var nets []string
	for _, name := range b.servers.names {
		net := 0
		for net < len(nets) && nets[net] != name[:8] {
			net++
		}
		if net == len(nets) {
			nets = append(nets, name[:8])
		}
		nums = append(nums, int64(net+1))
		texts = append(texts, name[8:])
	}
	for i := b.calls - uint64(calls); i < b.calls; i++ {
		c := &b.kept[i%BookMost]
		flags := int64(c.Reach) << 2
		if c.OK {
			flags |= 1
		}
		if c.Gone {
			flags |= 2
		}
		nums = append(nums, int64(c.Method), int64(c.Nth), int64(c.Batch), int64(c.Server), c.Sent, c.Handled, c.Answered, c.Returned, flags, int64(c.Size), int64(c.Back))
		texts = append(texts, c.Args, c.Reply)
	}
	for i := b.changes - uint64(changes); i < b.changes; i++ {
		c := &b.changed[i%BookMost]
		nums = append(nums, c.At, int64(c.What), int64(c.Batch), int64(c.Server), int64(c.Calls))
	}
	return nums, texts
}

// BookPageOf reads the flat form. ok is false if it is none.
func BookPageOf(nums []int64, texts []string) (p BookPage, ok bool) {
	const head = 7
	if len(nums) < head || nums[0] < 0 {
		return p, false
	}
	p.Left = uint64(nums[0])
	var counts [5]int
	for i := range counts {
		n := nums[1+i]
		if n < 0 || n > int64(len(nums)) {
			return p, false
		}
		counts[i] = int(n)
	}
	methods, batches, servers, calls, changes := counts[0], counts[1], counts[2], counts[3], counts[4]
	if nums[6] != bookCallWidth || len(nums) != head+2*methods+batches+servers+bookCallWidth*calls+bookChangeWidth*changes || len(texts) != methods+servers+2*calls {
		return p, false
	}
	nums = nums[head:]
	for i := range methods {
		p.Methods = append(p.Methods, BookMethod{texts[i], uint64(nums[2*i]), nums[2*i+1]})
	}
	nums, texts = nums[2*methods:], texts[methods:]
	for i := range batches {
		if nums[i] < 0 || nums[i] > int64(servers) {
			return p, false
		}
		p.Owners = append(p.Owners, int(nums[i]))
	}
	nums = nums[batches:]
	for i := range servers {
		p.Servers, p.Nets = append(p.Servers, texts[i]), append(p.Nets, int(nums[i]))
	}
	nums, texts = nums[servers:], texts[servers:]
	within := func(n int64, most int) bool { return n >= 0 && n <= int64(most) }
	for i := range calls {
		x := nums[bookCallWidth*i:]
		if !within(x[0], methods-1) || !within(x[2], batches) || !within(x[3], servers) || !within(x[8]>>2, int(bookReachKinds)-1) {
			return p, false
		}
		p.Calls = append(p.Calls, BookCall{
			Method: int(x[0]), Nth: uint64(x[1]), Batch: int(x[2]), Server: int(x[3]), Sent: x[4], Handled: x[5], Answered: x[6], Returned: x[7],
			OK: x[8]&1 != 0, Gone: x[8]&2 != 0, Reach: BookReach(x[8] >> 2), Size: int(x[9]), Back: int(x[10]), Args: texts[2*i], Reply: texts[2*i+1],
		})
	}
	nums = nums[bookCallWidth*calls:]
	for i := range changes {
		x := nums[bookChangeWidth*i:]
		if x[1] <= 0 || x[1] >= int64(bookWhats) || !within(x[2], batches) || !within(x[3], servers) {
			return p, false
		}
		p.Changes = append(p.Changes, BookChange{x[0], BookWhat(x[1]), int(x[2]), int(x[3]), uint64(x[4])})
	}
	return p, true
}
