package main

// Args are the two factors.
type Args struct{ A, B int }

// Arith is the service. It has no state, so that a call may be made again.
type Arith struct{}

// Multiply is called over the network.
func (*Arith) Multiply(args *Args, product *int) error {
	*product = args.A * args.B
	return nil
}
