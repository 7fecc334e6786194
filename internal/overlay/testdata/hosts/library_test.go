package hosts

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/rpc"
	"os"
	"strings"
	"sync"
	"testing"
)

// Routes of initialisation are there for all nodes.
func init() {
	os.Setenv("HTTP_PROXY", "http://proxy.invalid:3128") // for TestNoProxy, and in the way of all others
	http.HandleFunc("/shared", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "shared") })
	http.HandleFunc("/shared/exactly", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "shared exactly") })
	http.HandleFunc("POST /posted", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "posted") })
}

func get(url string) string {
	r, err := http.Get(url)
	if err != nil {
		return err.Error()
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(r.StatusCode, " ", strings.TrimSpace(string(b)))
}

// Each node has a DefaultServeMux of its own.
func TestDefaultServeMux(t *testing.T) {
	w := nodes(t, "n1", "n2", "bare")
	for _, name := range []string{"n1", "n2"} {
		w.on(name, func() {
			http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%s has %s", name, r.URL.Path) })
			http.HandleFunc("/name", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, name) })
			http.HandleFunc("/"+name+"/{what}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%s's %s", name, r.PathValue("what")) })
		})
	}
	for _, name := range []string{"n1", "n2", "bare"} {
		w.on(name, func() {
			l, err := net.Listen("tcp", ":80")
			if err != nil {
				t.Error(err)
				return
			}
			go http.Serve(l, nil)
		})
	}
	for _, c := range []struct{ from, url, want string }{
		{"n1", "http://n2/name", "200 n2"}, {"n1", "http://n1/name", "200 n1"}, {"main", "http://n2/name", "200 n2"}, {"main", "http://n1/name", "200 n1"},
		{"n1", "http://n2/n2/thing", "200 n2's thing"}, {"n1", "http://n2/n1/thing", "200 n2 has /n1/thing"},
		{"n1", "http://n2/shared", "200 shared"}, {"n1", "http://n2/shared/exactly", "200 shared exactly"}, {"n1", "http://n2/shared/other", "200 n2 has /shared/other"},
		{"n1", "http://bare/shared", "200 shared"}, {"n1", "http://bare/name", "404 404 page not found"}, {"n1", "http://bare/posted", "405 Method Not Allowed"},
	} {
		w.on(c.from, func() {
			if got := get(c.url); got != c.want {
				t.Errorf("%s gets %s: %s, want %s", c.from, c.url, got, c.want)
			}
		})
	}
}

// An idle connection is one of its node.
func TestIdleConnectionsStayOnTheirNode(t *testing.T) {
	w := nodes(t, "n1", "n2", "n3")
	for _, scheme := range []string{"http", "http2"} {
		t.Run(scheme, func(t *testing.T) {
			// One client for all, as DefaultClient is.
			transport := &http.Transport{Protocols: new(http.Protocols)}
			transport.Protocols.SetHTTP1(scheme == "http")
			transport.Protocols.SetUnencryptedHTTP2(scheme == "http2")
			client := &http.Client{Transport: transport}
			var mu sync.Mutex
			seen := make(map[string]int)
			w.on("n3", func() {
				protocols := new(http.Protocols)
				protocols.SetHTTP1(true)
				protocols.SetUnencryptedHTTP2(true)
				l, err := net.Listen("tcp", ":0")
				if err != nil {
					t.Error(err)
					return
				}
				w.nodes["port"] = l.Addr().(*net.TCPAddr).Port
				go (&http.Server{Protocols: protocols, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					mu.Lock()
					defer mu.Unlock()
					seen[r.RemoteAddr]++
					io.WriteString(w, r.Proto+" "+r.RemoteAddr[:strings.LastIndex(r.RemoteAddr, ":")])
				})}).Serve(l)
			})
			url := fmt.Sprintf("http://n3:%d/", w.nodes["port"])
			proto := map[string]string{"http": "HTTP/1.1", "http2": "HTTP/2.0"}[scheme]
			for range 3 {
				for name, addr := range map[string]string{"n1": "10.0.0.1", "n2": "10.0.0.2", "main": "10.0.255.254"} {
					w.on(name, func() {
						r, err := client.Get(url)
						if err != nil {
							t.Error(err)
							return
						}
						defer r.Body.Close()
						if b, err := io.ReadAll(r.Body); string(b) != proto+" "+addr || err != nil {
							t.Errorf("%s: %s, %v, want %s %s", name, b, err, proto, addr)
						}
					})
				}
			}
			if len(seen) != 3 {
				t.Errorf("the connections are %v, want one of each node", seen)
			}
			client.CloseIdleConnections()
		})
	}
}

// Who is a service of net/rpc.
type Who string

func (w Who) Name(_ struct{}, reply *string) error {
	*reply = string(w)
	return nil
}

// What a node registers at rpc.DefaultServer is its own.
func TestDefaultServerOfRPC(t *testing.T) {
	w := nodes(t, "n1", "n2")
	for _, name := range []string{"n1", "n2"} {
		w.on(name, func() {
			if err := rpc.Register(Who(name)); err != nil {
				t.Error(err)
			}
			if err := rpc.Register(Who(name)); err == nil {
				t.Error("a service can be registered twice")
			}
			rpc.HandleHTTP()
			l, err := net.Listen("tcp", ":1234")
			if err != nil {
				t.Error(err)
				return
			}
			go http.Serve(l, nil)
		})
	}
	w.on("n2", func() { rpc.RegisterName("Only", Who("n2's")) })
	for _, from := range []string{"n1", "main"} {
		w.on(from, func() {
			for _, c := range []struct{ node, method, want string }{
				{"n1", "Who.Name", "n1"}, {"n2", "Who.Name", "n2"}, {"n2", "Only.Name", "n2's"}, {"n1", "Only.Name", "rpc: can't find service Only.Name"},
			} {
				client, err := rpc.DialHTTP("tcp", c.node+":1234")
				if err != nil {
					t.Error(err)
					continue
				}
				got := ""
				if err := client.Call(c.method, struct{}{}, &got); err != nil {
					got = err.Error()
				}
				if got != c.want {
					t.Errorf("%s asks %s for %s: %s, want %s", from, c.node, c.method, got, c.want)
				}
				client.Close()
			}
			if page := get("http://n1:1234" + rpc.DefaultDebugPath); !strings.Contains(page, "Service Who") || strings.Contains(page, "Only") {
				t.Errorf("n1 shows %s", page)
			}
		})
	}
	if err := rpc.Register(Who("the test")); err != nil {
		t.Error(err)
	}
}

// What the nodes of one test have registered is not there in the next.
func TestNothingIsLeftOfOtherTests(t *testing.T) {
	w := nodes(t, "n1")
	w.on("n1", func() {
		http.HandleFunc("/name", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "another n1") })
		if err := rpc.Register(Who("another n1")); err != nil {
			t.Error(err)
		}
		l, err := net.Listen("tcp", ":80")
		if err != nil {
			t.Error(err)
			return
		}
		go http.Serve(l, nil)
	})
	if got := get("http://n1/name"); got != "200 another n1" {
		t.Error(got)
	}
}

// A proxy of the machine's has no part in it.
func TestNoProxy(t *testing.T) {
	w := nodes(t, "n1", "n2")
	for _, name := range []string{"n2", "main"} {
		w.on(name, func() {
			for _, host := range []string{"n1", "10.0.0.1", "[fd00::1]"} {
				r, err := http.NewRequest("GET", "http://"+host+"/", nil)
				if err != nil {
					t.Error(err)
					return
				}
				if proxy, err := http.ProxyFromEnvironment(r); proxy != nil || err != nil {
					t.Errorf("%s asks %v for %s, %v", name, proxy, host, err)
				}
			}
		})
	}
	r, err := http.NewRequest("GET", "http://www.example.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if proxy, err := http.ProxyFromEnvironment(r); proxy == nil || proxy.Host != "proxy.invalid:3128" || err != nil {
		t.Errorf("the test itself asks %v, %v", proxy, err)
	}
}
