// Package streams runs a client and a server of google.golang.org/grpc on two nodes of a world:
// see its test.
package streams

import (
	"context"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// service counts, and takes numbers that are handed in.
type service struct{ taken func(n uint64) }

// desc is what a generator would make of
//
//	service Counter {
//	  rpc Count(UInt64Value) returns (stream UInt64Value);
//	  rpc Take(UInt64Value) returns (UInt64Value);
//	}
var desc = grpc.ServiceDesc{
	ServiceName: "Counter",
	HandlerType: (*any)(nil),
	Methods: []grpc.MethodDesc{{MethodName: "Take", Handler: func(srv any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		n := new(wrapperspb.UInt64Value)
		if err := decode(n); err != nil {
			return nil, err
		}
		srv.(*service).taken(n.Value)
		time.Sleep(20 * time.Millisecond) // the answer takes longer than the deed
		return n, nil
	}}},
	Streams: []grpc.StreamDesc{{StreamName: "Count", ServerStreams: true, Handler: func(_ any, stream grpc.ServerStream) error {
		first := new(wrapperspb.UInt64Value)
		if err := stream.RecvMsg(first); err != nil {
			return err
		}
		for i := range uint64(length) {
			if err := stream.SendMsg(wrapperspb.UInt64(first.Value + i)); err != nil {
				return err
			}
			time.Sleep(20 * time.Millisecond)
		}
		return nil
	}}},
}

// length is how many numbers a stream has.
const length = 100

// serve is the server's main function.
func serve(s *service) error {
	l, err := net.Listen("tcp", ":50051")
	if err != nil {
		return err
	}
	g := grpc.NewServer(grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 5 * time.Second}))
	g.RegisterService(&desc, s)
	return g.Serve(l)
}

// dial is a connection to the server. Without pings, one that only listens would never hear that
// the server has crashed.
func dial(server string) (*grpc.ClientConn, error) {
	return grpc.NewClient(server+":50051", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 2 * time.Second}))
}

// count asks for the numbers from first on, gives each to f, and returns what ended the stream.
func count(c *grpc.ClientConn, first uint64, f func(n uint64)) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := c.NewStream(ctx, &desc.Streams[0], "/Counter/Count", grpc.WaitForReady(true))
	if err != nil {
		return err
	}
	if err := stream.SendMsg(wrapperspb.UInt64(first)); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for {
		n := new(wrapperspb.UInt64Value)
		if err := stream.RecvMsg(n); err != nil {
			return err
		}
		f(n.Value)
	}
}

// take hands a number in.
func take(c *grpc.ClientConn, n uint64) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	answer := new(wrapperspb.UInt64Value)
	return c.Invoke(ctx, "/Counter/Take", wrapperspb.UInt64(n), answer)
}
