// Package sniff says in a few words what bytes are that went over a network, from how they
// begin: the method and path of a request of HTTP, the method of a call of net/rpc, or how
// many bytes they are. It is for the eyes of people: it never fails, knows nothing of the bytes before,
// and takes what looks like a protocol for it.
package sniff
