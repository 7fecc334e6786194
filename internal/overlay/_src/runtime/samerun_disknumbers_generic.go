//go:build linux && (arm64 || riscv64)

package runtime

import (
	"internal/goarch"
	"unsafe"
)

// The system calls about files, by their numbers. Those of 600 and more are not there.
const (
	samerunSysRead          = 63
	samerunSysWrite         = 64
	samerunSysOpen          = 600
	samerunSysClose         = 57
	samerunSysFstat         = 80
	samerunSysLseek         = 62
	samerunSysMmap          = 222
	samerunSysPread         = 67
	samerunSysPwrite        = 68
	samerunSysReadv         = 65
	samerunSysWritev        = 66
	samerunSysDup2          = 601
	samerunSysSendfile      = 71
	samerunSysFcntl         = 25
	samerunSysFlock         = 32
	samerunSysFsync         = 82
	samerunSysFdatasync     = 83
	samerunSysTruncate      = 45
	samerunSysFtruncate     = 46
	samerunSysRename        = 602
	samerunSysMkdir         = 603
	samerunSysRmdir         = 604
	samerunSysCreat         = 605
	samerunSysLink          = 606
	samerunSysUnlink        = 607
	samerunSysSymlink       = 608
	samerunSysSync          = 81
	samerunSysGetdents      = 61
	samerunSysOpenat        = 56
	samerunSysMkdirat       = 34
	samerunSysFstatat       = 79
	samerunSysUnlinkat      = 35
	samerunSysRenameat      = 38
	samerunSysLinkat        = 37
	samerunSysSymlinkat     = 36
	samerunSysReadlinkat    = 78
	samerunSysSplice        = 76
	samerunSysSyncFileRange = 84
	samerunSysFallocate     = 47
	samerunSysDup3          = 24
	samerunSysPreadv        = 69
	samerunSysPwritev       = 70
	samerunSysSyncfs        = 267
	samerunSysRenameat2     = 276
	samerunSysCopyFileRange = 285
	samerunSysPreadv2       = 286
	samerunSysPwritev2      = 287
)

// What open knows by other numbers elsewhere; riscv64 has those of amd64.
const (
	samerunODirectory = 0x4000 + 0xc000*goarch.IsRiscv64
	samerunONofollow  = 0x8000 + 0x18000*goarch.IsRiscv64
)

// samerunStat is what the system says of a file.
type samerunStat struct {
	dev, ino              uint64
	mode, nlink, uid, gid uint32
	rdev, _               uint64
	size                  int64
	_                     [72]byte
}

func (s *samerunStat) links() uint64 { return uint64(s.nlink) }

var _ [128]byte = [unsafe.Sizeof(samerunStat{})]byte{}
