package traceview

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samerun/internal/tracefile"
)

// browser is a Chromium without a window, spoken to over pipes in its debugging protocol.
type browser struct {
	t       *testing.T
	in      *os.File
	out     *bufio.Reader
	n       int
	session string
}

// findBrowser returns the program, empty if there is none.
func findBrowser() string {
	for _, name := range []string{os.Getenv("SAMERUN_CHROMIUM"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	return ""
}

// startBrowser starts one, and skips the test with a word where there is none.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	if os.Getenv("SAMERUN_LONG") == "" {
		t.Skip("takes long: set SAMERUN_LONG=1")
	}
	program := findBrowser()
	if program == "" {
		t.Skip("there is no Chromium: install one (Debian: chromium-headless-shell), or name it in SAMERUN_CHROMIUM")
	}
	fromUs, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, fromIt, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "samerun-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--window-size=1400,820", "--user-data-dir="+profile, "about:blank")
	cmd.ExtraFiles = []*os.File{fromUs, fromIt}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	fromUs.Close()
	fromIt.Close()
	timer := time.AfterFunc(4*time.Minute, func() { cmd.Process.Kill() })
	t.Cleanup(func() {
		timer.Stop()
		cmd.Process.Kill()
		cmd.Wait()
		in.Close()
		out.Close()
		removeLater(profile)
	})
	return &browser{t: t, in: in, out: bufio.NewReader(out)}
}

// removeLater removes a folder of a program whose children may be about to end yet.
func removeLater(dir string) {
	for range 40 {
		if os.RemoveAll(dir) == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// call sends a command and returns the answer.
func (b *browser) call(method string, params map[string]any, into any) {
	b.t.Helper()
	b.n++
	m := map[string]any{"id": b.n, "method": method, "params": params}
	if b.session != "" {
		m["sessionId"] = b.session
	}
	data, _ := json.Marshal(m)
	if _, err := b.in.Write(append(data, 0)); err != nil {
		b.t.Fatal(err)
	}
	for {
		line, err := b.out.ReadBytes(0)
		if err != nil {
			b.t.Fatalf("%s: the browser has ended: %v", method, err)
		}
		var answer struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal(line[:len(line)-1], &answer); err != nil {
			b.t.Fatal(err)
		}
		if answer.ID != b.n {
			continue // an event
		}
		if answer.Error != nil {
			b.t.Fatalf("%s: %s", method, answer.Error.Message)
		}
		if into != nil {
			if err := json.Unmarshal(answer.Result, into); err != nil {
				b.t.Fatal(err)
			}
		}
		return
	}
}

// open opens a page of traces, and waits until it is drawn.
func (b *browser) open(page string) {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(page), 0o666); err != nil {
		b.t.Fatal(err)
	}
	b.session = ""
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "file://" + file, "width": 1400, "height": 820}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for range 600 {
		if b.eval(`document.documentElement?.dataset.ready || ""`) != "" {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatal("the page does not become ready")
}

// eval returns what an expression comes to, as text.
func (b *browser) eval(expression string) string {
	b.t.Helper()
	var r struct {
		Result           struct{ Value any }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &r)
	if x := r.ExceptionDetails; x != nil {
		b.t.Fatalf("%s: %s %s", expression, x.Text, x.Exception.Description)
	}
	return fmt.Sprint(r.Result.Value)
}

// key presses a key.
func (b *browser) key(key string) {
	b.t.Helper()
	for _, kind := range []string{"rawKeyDown", "keyUp"} {
		b.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": key}, nil)
	}
}

// click clicks at a place of the window.
func (b *browser) click(x, y float64) {
	b.t.Helper()
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}, nil)
	}
}

// detail is what stands at the side.
func (b *browser) detail() string {
	return b.eval(`[...document.querySelectorAll("#detail h2,#detail h3,#detail dt,#detail dd,#detail pre,#detail p,#detail button")].map(e => e.textContent).join("\n")`)
}

// want says if a text lacks words.
func want(t *testing.T, what, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s: there is no %q in\n%.600s", what, w, text)
		}
	}
}

// The page is used as a person would: by clicks, keys, and words in the filter. Payloads that are
// HTML do nothing.
func TestPageInABrowser(t *testing.T) {
	b := startBrowser(t)
	b.open(written(t, HTML, sample(130)))
	if title := b.eval(`document.title`); !strings.HasPrefix(title, hostile[0]) {
		t.Errorf("the title is %q", title)
	}
	if n := b.eval(`document.querySelectorAll("img,iframe,object,embed,link").length`); n != "0" {
		t.Errorf("payloads have made %s elements", n)
	}
	want(t, "at first", b.detail(), "How it failed", hostile[0], "seed\n7")
	b.key("f")
	want(t, "at the failure", b.detail(), "fail", "event\n#", "<script>")
	if n := b.eval(`document.querySelectorAll("#detail script, #detail img").length`); n != "0" {
		t.Errorf("the text of the failure has made %s elements", n)
	}
	b.key("0")
	b.key("Escape")
	b.key("ArrowRight")
	want(t, "the first step", b.detail(), "boot", "event\n#1\n")
	b.key("ArrowRight")
	want(t, "the second step", b.detail(), "event\n#2\n")
	b.key("ArrowLeft")
	want(t, "a step back", b.detail(), "event\n#1\n")

	b.key("/")
	b.call("Input.insertText", map[string]any{"text": "appendentries lost"}, nil)
	want(t, "the filter", b.eval(`document.getElementById("found").textContent`), "44 of ")
	b.key("Enter")
	want(t, "what is found", b.detail(), "drop Raft.AppendEntries", "fate\nlost", "Causes", "Effects")
	b.key("c")
	want(t, "its cause", b.detail(), "send Raft.AppendEntries", "size\n90 bytes")
	b.key("e")
	want(t, "its effect", b.detail(), "fate\nlost")
	b.eval(`(() => { const q = document.getElementById("q"); q.value = ""; q.dispatchEvent(new Event("input")); })()`)
	b.eval(`document.querySelector('#kinds button[data-group="log"]').click()`)
	want(t, "without log lines", b.eval(`document.getElementById("found").textContent`), " of ")

	// A click on the mark of the first boot, at the left end of the first lane.
	b.key("Escape")
	y := b.eval(`(() => { const r = document.getElementById("c").getBoundingClientRect(); for (let y = 40; y < r.height - 40; y += 3) { document.getElementById("c").dispatchEvent(new PointerEvent("pointermove", {clientX: r.left + 146, clientY: r.top + y, bubbles: true})); if (!document.getElementById("tip").hidden && document.getElementById("tip").textContent.includes("boot #1")) return r.top + y; } return -1; })()`)
	var at float64
	if _, err := fmt.Sscan(y, &at); err != nil || at < 0 {
		t.Fatalf("no mark of a boot is under the pointer: %s", y)
	}
	b.click(146, at)
	want(t, "a click", b.detail(), "boot #1 n0", "event\n#1\n")
	theme := b.eval(`document.documentElement.dataset.theme`)
	b.key("d")
	if now := b.eval(`document.documentElement.dataset.theme`); now == theme {
		t.Errorf("the theme is %s still", now)
	}
}

// Beside nodes, goroutines have lanes when their kind is clicked on, and not before; without
// nodes they are the lanes.
func TestPageOfGoroutines(t *testing.T) {
	b := startBrowser(t)
	for _, c := range []struct{ node, hidden, found string }{
		{"n0", "false", "1 of 3 events"},
		{"", "true", "3 events"},
	} {
		var x tracefile.Builder
		for i := range 2 {
			x.Add(tracefile.Event{Kind: tracefile.Go, Task: fmt.Sprint("worker ", i), Text: "a_test.go:7"})
		}
		x.Add(tracefile.Event{At: 5, Kind: tracefile.Log, Node: c.node, Task: "worker 1", Text: "done"})
		var page strings.Builder
		if err := Page(&page, x.Trace(tracefile.Header{Tool: "x", Go: "go1", World: "goroutines", Package: "p", Test: "TestX", Virtual: 9})); err != nil {
			t.Fatal(err)
		}
		b.open(page.String())
		const chip, found = `document.querySelector('#kinds button[data-group="goroutines"]')`, `document.getElementById("found").textContent`
		want(t, "goroutines are shown", b.eval(chip+`.getAttribute("aria-pressed")`), c.hidden)
		want(t, "what is shown", b.eval(found), c.found)
		if c.hidden == "false" {
			b.eval(chip + `.click()`)
			want(t, "what is shown with goroutines", b.eval(found), "3 events")
		}
	}
}

// Operations of clients are bars, timers and waits have buttons of their own, and what waits leads to
// what it waits for.
func TestPageOfOperations(t *testing.T) {
	b := startBrowser(t)
	b.open(written(t, HTML, sample(130)))
	chips := b.eval(`[...document.querySelectorAll("#kinds button")].map(e => e.dataset.group + " " + e.querySelector("span").textContent + " " + e.getAttribute("aria-pressed")).join("\n")`)
	want(t, "the kinds", chips, "client operations 26 true", "timers 10 true", "locks and channels 20 true")
	b.key("/")
	b.call("Input.insertText", map[string]any{"text": "return client"}, nil)
	want(t, "the filter", b.eval(`document.getElementById("found").textContent`), "8 of ")
	b.key("Enter")
	want(t, "an answer", b.detail(), "return ", "client\nclient 1", "took\n600 µs", "Began with", "put(</script>", "Text\ndone")
	b.key("/")
	b.call("Input.insertText", map[string]any{"text": "woken"}, nil)
	b.key("Enter")
	want(t, "a wait that is over", b.detail(), "waits at\nMutex 1", "Began with", "held by </script>")
	b.eval(`(() => { const q = document.getElementById("q"); q.value = ""; q.dispatchEvent(new Event("input")); })()`)
	b.eval(`location.hash = ""; (() => { const q = document.getElementById("q"); q.value = "call client"; q.dispatchEvent(new Event("input")); document.getElementById("next").click(); for (let i = 0; i < 9; i++) document.dispatchEvent(new KeyboardEvent("keydown", {key: "+"})); return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done("")))); })()`)
	want(t, "the call", b.detail(), "call ", "client 1")
	// Somewhere in the lanes there is a bar of an operation under the pointer.
	found := b.eval(`(() => { const c = document.getElementById("c"), r = c.getBoundingClientRect(), tip = document.getElementById("tip"); for (let y = 40; y < r.height - 40; y += 3) for (let x = 140; x < r.width - 10; x += 60) { c.dispatchEvent(new PointerEvent("pointermove", {clientX: r.left + x, clientY: r.top + y, bubbles: true})); if (!tip.hidden && /(call|return) .*client 1/.test(tip.textContent)) return "found"; } return ""; })()`)
	want(t, "a bar", found, "found")
}

// Two runs are below each other, with the first difference.
func TestPageOfTwoRuns(t *testing.T) {
	b := startBrowser(t)
	one, other := sample(40), sample(40)
	other.Events[30].Text += " otherwise"
	var page strings.Builder
	if err := Page(&page, one, other); err != nil {
		t.Fatal(err)
	}
	b.open(page.String())
	want(t, "two runs", b.detail(), "First difference", "#31", "A, seed 7", "B, seed 7")
	b.key("f")
	want(t, "the difference", b.detail(), "event\n#31\n")
}

// busy is how long the main thread of the page has computed, in milliseconds: its own time, which
// others on the machine do not lengthen.
func (b *browser) busy() int {
	b.t.Helper()
	var r struct {
		Metrics []struct {
			Name  string
			Value float64
		}
	}
	b.call("Performance.getMetrics", map[string]any{}, &r)
	for _, m := range r.Metrics {
		if m.Name == "TaskDuration" {
			return int(m.Value * 1000)
		}
	}
	b.t.Fatal("the browser does not say how long it has computed")
	return 0
}

// A hundred thousand events are there after two seconds of computing, and a frame takes a tenth of
// one at most while all of them are in view.
func TestPageOfManyEvents(t *testing.T) {
	b := startBrowser(t)
	x := sample(40_000)
	if len(x.Events) < 100_000 {
		t.Fatalf("the sample has %d events", len(x.Events))
	}
	page := written(t, HTML, x)
	b.open(written(t, HTML, sample(1)))
	b.call("Performance.enable", map[string]any{"timeDomain": "threadTicks"}, nil)
	file := filepath.Join(t.TempDir(), "many.html")
	if err := os.WriteFile(file, []byte(page), 0o666); err != nil {
		t.Fatal(err)
	}
	before := b.busy()
	b.call("Page.navigate", map[string]any{"url": "file://" + file}, nil)
	for range 1200 {
		if b.eval(`document.documentElement?.dataset.ready && document.getElementById("found").textContent.includes("106,") || ""`) == "true" {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	ready, wall := b.busy()-before, b.eval(`document.documentElement.dataset.ready`)
	before = b.busy()
	const frames = 20
	b.eval(`new Promise(done => { let n = 0; const go = () => { if (n++ === ` + fmt.Sprint(frames) + `) { done(""); return; } document.dispatchEvent(new KeyboardEvent("keydown", {key: n % 2 ? "+" : "-"})); requestAnimationFrame(go); }; requestAnimationFrame(go); })`)
	frame := (b.busy() - before) / frames
	t.Logf("%d events, %d bytes: ready after %d ms of computing (%s ms by the clock of the wall), %d ms a frame while zooming", len(x.Events), len(page), ready, wall, frame)
	if ready > 2000 {
		t.Errorf("the page is ready after %d ms, and must be after 2000", ready)
	}
	if frame > 100 {
		t.Errorf("a frame takes %d ms, and must take 100 at most", frame)
	}
}
