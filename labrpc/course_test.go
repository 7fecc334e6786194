package labrpc_test

import (
	"io"
	"reflect"
	"testing"
	"time"

	"samerun/labrpc"
	"samerun/labrpc/labgob"
)

// The names of the course's library and of its labgob, by the year in which each came: a
// lab of that year, or of a later one, is built with it. The test is that this compiles.
//
// ProcessReq, which 2018 exports, is not here: its parameter has a type that is not
// exported, so that nobody could call it.
var _ = [...]any{
	// 2018 and before. ReadEndnameInfo and IsServerDead are not exported from 2020 on.
	(func() *labrpc.Network)(labrpc.MakeNetwork),
	(func(*labrpc.Network))((*labrpc.Network).Cleanup),
	(func(*labrpc.Network, bool))((*labrpc.Network).Reliable),
	(func(*labrpc.Network, bool))((*labrpc.Network).LongReordering),
	(func(*labrpc.Network, bool))((*labrpc.Network).LongDelays),
	(func(*labrpc.Network, any) (bool, any, *labrpc.Server, bool, bool))((*labrpc.Network).ReadEndnameInfo),
	(func(*labrpc.Network, any, any, *labrpc.Server) bool)((*labrpc.Network).IsServerDead),
	(func(*labrpc.Network, any) *labrpc.ClientEnd)((*labrpc.Network).MakeEnd),
	(func(*labrpc.Network, any, *labrpc.Server))((*labrpc.Network).AddServer),
	(func(*labrpc.Network, any))((*labrpc.Network).DeleteServer),
	(func(*labrpc.Network, any, any))((*labrpc.Network).Connect),
	(func(*labrpc.Network, any, bool))((*labrpc.Network).Enable),
	(func(*labrpc.Network, any) int)((*labrpc.Network).GetCount),
	(func(*labrpc.Network) int)((*labrpc.Network).GetTotalCount),
	(func(*labrpc.ClientEnd, string, any, any) bool)((*labrpc.ClientEnd).Call),
	(func() *labrpc.Server)(labrpc.MakeServer),
	(func(*labrpc.Server, *labrpc.Service))((*labrpc.Server).AddService),
	(func(*labrpc.Server) int)((*labrpc.Server).GetCount),
	(func(any) *labrpc.Service)(labrpc.MakeService),

	(func(io.Writer) *labgob.LabEncoder)(labgob.NewEncoder),
	(func(*labgob.LabEncoder, any) error)((*labgob.LabEncoder).Encode),
	(func(*labgob.LabEncoder, reflect.Value) error)((*labgob.LabEncoder).EncodeValue),
	(func(io.Reader) *labgob.LabDecoder)(labgob.NewDecoder),
	(func(*labgob.LabDecoder, any) error)((*labgob.LabDecoder).Decode),
	(func(any))(labgob.Register),
	(func(string, any))(labgob.RegisterName),

	// 2020 to 2024.
	(func(*labrpc.Network) int64)((*labrpc.Network).GetTotalBytes),

	// 2025.
	(func(*labrpc.Network) bool)((*labrpc.Network).IsReliable),
	(func(*labrpc.Network) bool)((*labrpc.Network).IsLongDelays),
	(func(*labrpc.Network, any))((*labrpc.Network).DeleteEnd),
	[1]int{labrpc.SHORTDELAY - 27: 0}, [1]int{labrpc.LONGDELAY - 7000: 0}, [1]int{labrpc.MAXDELAY - labrpc.LONGDELAY - 100: 0},
	time.Duration(0) * labrpc.MAXDELAY, // they have no type
}

// A test of a lab, as the course writes them: no world anywhere.
func TestCourseStyle(t *testing.T) {
	net := labrpc.MakeNetwork()
	defer net.Cleanup()
	end := net.MakeEnd("end1-99")
	srv := labrpc.MakeServer()
	srv.AddService(labrpc.MakeService(&Counter{}))
	net.AddServer("server99", srv)
	net.Connect("end1-99", "server99")
	net.Enable("end1-99", true)
	total := 0
	if ok := end.Call("Counter.Add", 9099, &total); !ok || total != 9099 {
		t.Errorf("wrong reply %v, %d", ok, total)
	}
}
