//go:build !linux || !(amd64 || arm64 || riscv64)

package runtime

// Here are no disks.

const samerunDiskCan = false

var samerunDiskRaws [8]uint64

func samerunDiskRawNotes() []string { return nil }

func (d *samerunDisk) begin() string { return "" }

func samerunDiskAsks() {}

func samerunDiskCutFDs(life uint32) {}

func (c *samerunDiskCall) do() {}

func (d *samerunDisk) ReadAt(fd int, p []byte, off int64) int                      { return 0 }
func (d *samerunDisk) WriteAt(fd int, p []byte, off int64) bool                    { return false }
func (d *samerunDisk) Size(fd int) int64                                           { return 0 }
func (d *samerunDisk) Resize(fd int, size int64) bool                              { return false }
func (d *samerunDisk) Identity(dir int, name string) (dev, ino uint64, found bool) { return }
func (d *samerunDisk) Link(dir int, name string, toDir int, toName string) bool    { return false }
func (d *samerunDisk) Rename(dir int, name string, toDir int, toName string) bool  { return false }
func (d *samerunDisk) Swap(dir int, name string, toDir int, toName string) bool    { return false }
func (d *samerunDisk) Unlink(dir int, name string) bool                            { return false }
func (d *samerunDisk) Rmdir(dir int, name string) bool                             { return false }
func (d *samerunDisk) Mkdir(dir int, name string, mode uint32) bool                { return false }
func (d *samerunDisk) OpenFolder(dir int, name string) int                         { return -1 }
func (d *samerunDisk) Close(fd int)                                                {}
func (d *samerunDisk) Kept() int                                                   { return -1 }
func (d *samerunDisk) ForgetKept()                                                 {}
