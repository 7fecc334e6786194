package labrpc

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"samerun/sim"
)

// fatal has what stops the process in ordinary Go, as in the original, and the words of
// the sentence, separated by |.
var fatal = []struct {
	words string
	do    func(l *plainLab)
}{
	{`Call("Desk.Double") was given string|takes int`, func(l *plainLab) { l.end.Call("Desk.Double", "four", new(int)) }},
	{`the server has no service "Dusk"; it has Desk`, func(l *plainLab) { l.end.Call("Dusk.Double", 4, new(int)) }},
	{`no handler "Treble"|Double, Fill, Mark, Next, Share, Slow`, func(l *plainLab) { l.end.Call("Desk.Treble", 4, new(int)) }},
	{`Call("Double")|"Service.Method"`, func(l *plainLab) { l.end.Call("Double", 4, new(int)) }},
	{`reply cannot be decoded into *string`, func(l *plainLab) { l.end.Call("Desk.Double", 4, new(string)) }},
	{`given a value of type int for the reply`, func(l *plainLab) { l.end.Call("Desk.Double", 4, 5) }},
	{`given nil for the reply`, func(l *plainLab) { l.end.Call("Desk.Double", 4, nil) }},
	{`there is an end named client already`, func(l *plainLab) { l.MakeEnd("client") }},
	{`AddServer(x) was given no server`, func(l *plainLab) { l.AddServer("x", nil) }},
	{`there is no end named nobody`, func(l *plainLab) { l.Forward("nobody", "Desk.Double", nil) }},
	{`the arguments of Desk.Double cannot be decoded into int`, func(l *plainLab) { l.Forward("client", "Desk.Double", []byte{1, 2, 3}) }},
}

// fatalCase makes a child of this test do one of them.
const fatalCase = "SAMERUN_LABRPC_TEST_FATAL"

func TestPlainFatal(t *testing.T) {
	newLab := func() *plainLab {
		l := &plainLab{Network: MakeNetwork()}
		l.srv, l.desk = l.addServer("server")
		l.end = l.addEnd("client", "server")
		return l
	}
	if which := os.Getenv(fatalCase); which != "" {
		for i, c := range fatal {
			if fmt.Sprint(i) == which {
				c.do(newLab())
			}
		}
		return
	}
	for i, c := range fatal {
		t.Run(c.words, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^TestPlainFatal$")
			cmd.Env = append(os.Environ(), fmt.Sprint(fatalCase, "=", i))
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState == nil {
				t.Fatal(err)
			}
			text := strings.TrimSpace(string(out))
			if cmd.ProcessState.ExitCode() != 1 || strings.Count(text, "\n") != 0 || !strings.Contains(text, "labrpc: ") {
				t.Errorf("exit status %d, want 1 and a line: %s", cmd.ProcessState.ExitCode(), text)
			}
			for word := range strings.SplitSeq(c.words, "|") {
				if !strings.Contains(text, word) {
					t.Errorf("there is no %q in it: %s", word, text)
				}
			}
		})
	}
}

// What panics in the original does so here, and leaves the network as it was.
func TestPlainPanics(t *testing.T) {
	l := &plainLab{Network: MakeNetwork()}
	l.srv, l.desk = l.addServer("server")
	l.end = l.addEnd("client", "server")
	for _, c := range []struct {
		words string
		do    func()
	}{
		{`Call("Desk.Mark"): its arguments (chan int) cannot be encoded`, func() { l.end.Call("Desk.Mark", make(chan int), new(int)) }},
		{`Call("Desk.Mark"): its arguments (<nil>) cannot be encoded`, func() { l.end.Call("Desk.Mark", nil, new(int)) }},
		{`Network.GetCount: there is no server named nobody`, func() { l.GetCount("nobody") }},
		{`Network.MakeEnd was given a name of type []int`, func() { l.MakeEnd([]int{1}) }},
		{`Network.Connect was given a name of type []int`, func() { l.Connect("client", []int{1}) }},
		{`Network.Enable was called on a network that nobody made; labrpc.MakeNetwork`, func() { (*Network)(nil).Enable("x", true) }},
		{`Network.GetTotalCount was called on a network that nobody made`, func() { new(Network).GetTotalCount() }},
		{`Network.World was called on a network that nobody made`, func() { new(Network).World() }},
		{`ClientEnd.Call was called on an end that nobody made; Network.MakeEnd`, func() { (*ClientEnd)(nil).Call("Desk.Mark", 1, new(int)) }},
		{`ClientEnd.SetCall was called on an end that nobody made`, func() { new(ClientEnd).SetCall(nil) }},
		{`Server.AddService was called on a server that nobody made; labrpc.MakeServer`, func() { (*Server)(nil).AddService(MakeService(l.desk)) }},
		{`Server.GetCount was called on a server that nobody made`, func() { new(Server).GetCount() }},
		{`Network.AddServer was given a server that nobody made`, func() { l.AddServer("x", new(Server)) }},
		{`Server.Dispatch was called on a server that nobody made`, func() { new(Server).Dispatch("Desk.Mark", nil) }},
		{`Server.AddService was given a service that nobody made; MakeService`, func() { l.srv.AddService(new(Service)) }},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "labrpc: ") || !strings.Contains(got, c.words) {
					t.Errorf("panic %q, want %q", got, c.words)
				}
			}()
			c.do()
		}()
	}
	if o := l.call(l.end, "Desk.Double", 4); o.reply != 8 || l.GetTotalCount() != 1 {
		t.Errorf("after all that: %+v, %d counted", o, l.GetTotalCount())
	}
	l.Cleanup()
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "Network.Cleanup was called twice") {
			t.Errorf("panic %q", got)
		}
	}()
	l.Cleanup()
}

// A network of ordinary Go is of no use in a world: a task that waits in real time would
// hold all the others up.
func TestPlainNetworkInAWorld(t *testing.T) {
	l := &plainLab{Network: MakeNetwork()}
	l.srv, l.desk = l.addServer("server")
	l.end = l.addEnd("client", "server")
	for op, do := range map[string]func(){
		"ClientEnd.Call":    func() { l.call(l.end, "Desk.Double", 4) },
		"Network.Forward":   func() { l.Forward("client", "Desk.Double", nil) },
		"Network.MakeEnd":   func() { l.MakeEnd("x") },
		"Network.Enable":    func() { l.Enable("client", false) },
		"ClientEnd.SetCall": func() { l.end.SetCall(nil) },
	} {
		r := sim.Run(sim.Config{Seed: 3}, func(w *sim.World) { do() })
		if r.Err == nil || !strings.Contains(r.Err.Error(), op+" was called in a world, on a network that was made outside of it; make the network in the scenario") {
			t.Errorf("%s: %v", op, r.Err)
		}
	}
}
