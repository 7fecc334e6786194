// Package gobwire reads and writes streams of encoding/gob, deterministically and fast.
//
// labrpc encodes every message with a fresh encoder, and counts its bytes, so the bytes of a message must be a
// pure function of its value. Those of encoding/gob are not: it writes map entries in random order, and takes type ids
// from a counter of the process, so that they depend on what was encoded before. A fresh gob codec also costs
// some 20 µs. This package keeps the format and everything a program can observe of gob, and removes both faults:
//
//   - [Append] writes the stream that a fresh gob.Encoder would write: the descriptors of the types, then the value.
//     Type ids start at 65 in every stream and follow gob's own order of registration. Map entries are sorted by key.
//   - [Decode] reads such a stream. Bytes that did not come from the same type, or from another gob, go to
//     encoding/gob, which knows how to match fields by name; so does every error except those about hostile lengths.
//   - [Encoder] and [Decoder] are the same for a stream of several values: a type is described once.
//
// # Bad bytes
//
// No bytes make this package panic, exhaust the stack or the memory, or loop for ever: all end in an error. encoding/gob alone does not keep that promise, so
// whatever is left to it is looked at first (foreign.go, and screen.go for streams), and its panics become errors (gobpanic.go). A
// panic of a method of the user that decoding calls, such as GobDecode, is the user's and reaches the caller, from both decoders.
//
// # Why ids start at 65
//
// A process gives the ids 64, 65, 66 … to the types it meets. Exactly one type of a process has the id 64, whose descriptor is
// one byte shorter. Starting at 65 gives each message the length that gob gives it in any process that has met from
// 1 to about 60 types; beyond that gob's ids need a third byte. One more trace of history is in gob's bytes: a type without a
// name, such as []T, is described under the name it had where the process met it first, "[]pkg.T" as a field
// and "" elsewhere. Here the first place in the stream decides, as in a fresh process.
//
// # How it works
//
// A type is compiled once into a plan: a graph of nodes, one for each Go type met, with the offsets of the
// fields. The encoder and the decoder walk the same graph over unsafe pointers (node.go, encode.go, decode.go).
// The bytes of the descriptors depend only on which types a stream has described already. That is a state; states form a tree whose
// edges are labelled with the type described next, and hold its descriptors ready to copy (state.go). The root is the
// empty stream; an interface value walks one edge further. Decoding walks the same tree and compares instead of copying: if all
// bytes match, the sender's types are ours, and the compiled graph can read the value.
//
// Plans, states and registered names are memos of the process: they change how long a call takes, never what it returns.
// All functions are safe for concurrent use, but one Encoder or Decoder belongs to one goroutine at a time.
package gobwire
