// Package labgob is encoding/gob for RPCs and persisted state, as the MIT distributed systems
// course has it. It has the same API and the same streams, and warns about the two mistakes
// that cost students of Raft the most time.
//
// The first mistake is a field that does not begin with a capital letter. gob silently
// leaves it out, and the receiver sees zero. Encoding, decoding and registering check each type
// once, and print one line for each such field.
//
// The second mistake is decoding into a variable that is not empty. gob sends no zeros. If the
// sender left a field at zero, the variable keeps what it held, for instance the answer to the previous
// call:
//
//	var reply Reply
//	for {
//		ok := end.Call("Raft.RequestVote", &args, &reply) // wrong: the second answer mixes with the first
//	}
//
// The first such decoding of a process prints a warning, and [Warnings] counts all of them. The
// value is then decoded as gob does it, with the stale fields: a simulator must not hide the bug.
//
// # Streams
//
// [NewEncoder] and [NewDecoder] make streams of several values. A server uses them to
// persist its state. labrpc uses [Marshal] and [Unmarshal]: each message is a stream of its own.
// Lengths are those of encoding/gob. The bytes depend on the value alone: type ids start
// anew in each stream, and map entries are sorted.
//
// # Interfaces
//
// A type that is sent in an interface value must be registered, with [Register] or
// [RegisterName], or with encoding/gob itself. If a type is not registered, the error says how to do
// it.
package labgob
