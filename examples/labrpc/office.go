package main

import "samerun/labrpc"

// Bug is a mistake that can be planted. The zero value is none.
type Bug string

// LostRequest takes a lost reply for a lost request: what is not answered was not done.
const LostRequest Bug = "lost-request"

// Office books seats over one end of the network.
type Office struct {
	End *labrpc.ClientEnd
	Bug Bug
}

// Book books one of so many seats for a guest, the first that is free, and returns its
// number, or -1 if there is none. It asks until it is answered.
func (o *Office) Book(guest string, seats int) int {
	for seat := 0; seat < seats; {
		var reply BookReply
		answered := o.End.Call("Theatre.Book", &BookArgs{guest, seat}, &reply)
		switch {
		case reply.Yours:
			return seat
		case answered || o.Bug == LostRequest:
			seat++
		}
	}
	return -1
}
