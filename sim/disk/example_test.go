package disk_test

import (
	"fmt"

	"samerun/sim/disk"
)

// A file needs two syncs before it outlives a crash: its own for the contents,
// and that of the directory for the name.
func Example() {
	d := disk.New(0x5ca1ab1e)
	write := func(name string) *disk.File {
		f, err := d.Create(name)
		if err != nil {
			panic(err)
		}
		fmt.Fprint(f, "hello")
		return f
	}
	write("both syncs").Sync()
	write("directory only")
	d.SyncDir()
	write("contents only").Sync()

	d.Crash()
	for _, name := range d.List() {
		data, err := d.ReadFile(name)
		fmt.Printf("%s: %q %v\n", name, data, err)
	}
	// Output:
	// both syncs: "hello" <nil>
	// directory only: "" <nil>
}

// WriteFile is the safe way to replace a file as a whole.
func ExampleDisk_WriteFile() {
	d := disk.New(1)
	if err := d.WriteFile("state", []byte("term 1")); err != nil {
		fmt.Println(err)
	}
	if err := d.SetFaults("state", disk.Faults{SyncFailPPM: 1_000_000}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(d.WriteFile("state", []byte("term 2")))
	d.Crash()
	data, _ := d.ReadFile("state")
	fmt.Printf("%s; failed syncs: %d\n", data, d.Counts("state").FailedSyncs)
	// Output:
	// sync state.tmp: sync failed, nothing that waited for it is durable
	// term 1; failed syncs: 1
}
