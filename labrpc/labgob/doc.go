// Package labgob is encoding/gob for RPCs and persisted state, as the MIT distributed systems course has it: the same API and
// the same streams, and warnings about the two mistakes that cost students of Raft the most time.
//
// The first is a field that does not begin with a capital letter. gob leaves it out without a word, and the receiver sees zero.
// Encoding, decoding and registering look at each type once, and print one line for each such field.
//
// The second is decoding into a variable that is not empty. gob sends no zeros, so a field that the sender left
// at zero keeps whatever the variable held, for instance the answer to the call before:
//
//	var reply Reply
//	for {
//		ok := end.Call("Raft.RequestVote", &args, &reply) // wrong: the second answer mixes with the first
//	}
//
// The first such decoding of a process prints a warning; each is counted by [Warnings]. The value is then decoded as gob
// does it, stale fields included: a simulator must not hide the bug.
//
// # Streams
//
// [NewEncoder] and [NewDecoder] make streams of several values, as a server uses them to persist its state. [Marshal] and
// [Unmarshal] are what labrpc uses: each message is a stream of its own. Lengths are those of encoding/gob, and the bytes
// are a function of the value alone: type ids start anew in each stream, and map entries are sorted.
//
// # Interfaces
//
// A type that is sent in an interface value must be registered, with [Register] or [RegisterName], or with encoding/gob
// itself. The error of one that is not says how.
package labgob
