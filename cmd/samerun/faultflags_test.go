package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the flags about faults cannot be is told in one sentence.
func TestFaultFlags(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"good.json": `{"faults": [{"kind":"cut","from":["*"],"to":["*"]}]}`, "bad.json": `{"faults": [{"kind":"crash","nodes":["*"]}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	path := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct {
		line string
		want string // of the error; empty if it is good
	}{
		{"", ""},
		{"-faults flaky", ""},
		{"-faults swarm -horizon 3s", ""},
		{"-faults good.json", ""},
		{"-faults flakey", "-faults flakey: there is no such preset, and no file of that name"},
		{"-faults ./no.json", "-faults ./no.json: the file cannot be read"},
		{"-faults bad.json", "faults[0] is a crash, which befalls nodes"},
		{"-faults=", "-faults wants a preset"},
		{"-faults flaky -horizon 0s", "-horizon 0s: the time must be positive"},
		{"-faults flaky -horizon -2s", "-horizon -2s: the time must be positive"},
		{"-horizon 2s", "-horizon is the time in which faults begin, and without -faults there are none"},
		{"-faults good.json -horizon 2s", "-horizon is for faults that are drawn"},
		{"-faults lan -net real", "-faults is for the network of a test, and with -net real its sockets are the machine's"},
	} {
		test, doctor := newTestCommand(nil), newDoctorCommand(nil)
		if err := test.parse(strings.Fields(c.line), nil); err != nil {
			t.Fatal(err)
		}
		if err := doctor.parse(strings.Fields(c.line), nil); err != nil {
			t.Fatal(err)
		}
		_, err := test.faults.read(test.flags, test.ordinary.Net, path)
		_, same := doctor.faults.read(doctor.flags, doctor.opts.Net, path)
		switch {
		case (err == nil) != (same == nil):
			t.Errorf("%s: %v for test, %v for doctor", c.line, err, same)
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.line, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s: %v\nwant %s", c.line, err, c.want)
		}
	}
}
