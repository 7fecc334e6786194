package labrpc

// The names of a network, its settings and its counts are the same everywhere. How its
// calls travel is not: this file says what the rest of the package asks of either way.

// carrier carries the calls of a network. There are two: worldNet, over the links of a
// world, and plainNet, by goroutines.
type carrier interface {
	// enter begins an operation, op: it makes sure that the caller may use the
	// network, and keeps others out until leave. lock is enter for one that only reads
	// and may be called by anybody.
	enter(op string)
	lock()
	leave()

	// begin returns an empty record for a call. It is nil for a caller that cannot
	// wait, who has been told then. It is called outside of enter and leave.
	begin(op string, e *ClientEnd, svcMeth string) carriage

	// here returns on which incarnation of which machine the caller runs.
	here() (node string, boot int)
	// settle is told that the caller adds this server under this name.
	settle(b *binding, srv *Server)
	// changed is told that an end or a server was taken away or came back.
	changed()

	// fail and raise are those of Network.
	fail(err error)
	raise(err error)
}

// carriage is one call on its way.
type carriage interface {
	// letters returns the messages. The request is to be filled in before carry, the
	// reply is there behind it.
	letters() (*reqMsg, *replyMsg)
	// carry takes the request to the server and waits for what Call returns.
	carry() bool
	// drop gives the record back, once its caller has no more use for the letters.
	drop()
}
