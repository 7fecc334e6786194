// Package labcopy recognises a copy of the course's labrpc in the tree of a user, by its API, and
// adds calls to it that tell the runtime of the overlay which ends and servers there are, and what
// becomes of each call (internal/overlay/_src/runtime/samerun_labrpc.go). The tool builds tests
// with the changed text by -overlay: nothing of the user's is touched.
//
// What is added stands on the lines of the copy itself, so that all lines stay where they are, and
// behind the last one. It takes no turn and draws nothing.
//
// A package is a copy if it has the types, functions and methods that programs of the course use,
// with these parameters, whatever it is called. How much is known of its messages depends on how
// it is made inside:
//
//   - Messages: a call hands a value with its encoded arguments over, over a channel or to a
//     function, and the server has a function that is given those bytes, and returns the encoded
//     reply. Then it is known when a request has come to its handler, and when the reply left.
//   - Calls: nothing but when a call begins, and whether it got a reply.
package labcopy
