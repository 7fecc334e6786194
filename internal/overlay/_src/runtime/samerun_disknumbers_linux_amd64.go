package runtime

import "unsafe"

// The system calls about files, by their numbers.
const (
	samerunSysRead          = 0
	samerunSysWrite         = 1
	samerunSysOpen          = 2
	samerunSysClose         = 3
	samerunSysFstat         = 5
	samerunSysLseek         = 8
	samerunSysMmap          = 9
	samerunSysPread         = 17
	samerunSysPwrite        = 18
	samerunSysReadv         = 19
	samerunSysWritev        = 20
	samerunSysDup2          = 33
	samerunSysSendfile      = 40
	samerunSysFcntl         = 72
	samerunSysFlock         = 73
	samerunSysFsync         = 74
	samerunSysFdatasync     = 75
	samerunSysTruncate      = 76
	samerunSysFtruncate     = 77
	samerunSysRename        = 82
	samerunSysMkdir         = 83
	samerunSysRmdir         = 84
	samerunSysCreat         = 85
	samerunSysLink          = 86
	samerunSysUnlink        = 87
	samerunSysSymlink       = 88
	samerunSysSync          = 162
	samerunSysGetdents      = 217
	samerunSysOpenat        = 257
	samerunSysMkdirat       = 258
	samerunSysFstatat       = 262
	samerunSysUnlinkat      = 263
	samerunSysRenameat      = 264
	samerunSysLinkat        = 265
	samerunSysSymlinkat     = 266
	samerunSysReadlinkat    = 267
	samerunSysSplice        = 275
	samerunSysSyncFileRange = 277
	samerunSysFallocate     = 285
	samerunSysDup3          = 292
	samerunSysPreadv        = 295
	samerunSysPwritev       = 296
	samerunSysSyncfs        = 306
	samerunSysRenameat2     = 316
	samerunSysCopyFileRange = 326
	samerunSysPreadv2       = 327
	samerunSysPwritev2      = 328
)

// What open and fcntl know by other numbers elsewhere.
const (
	samerunODirectory = 0x10000
	samerunONofollow  = 0x20000
)

// samerunStat is what the system says of a file.
type samerunStat struct {
	dev, ino, nlink uint64
	mode, uid, gid  uint32
	_               uint32
	rdev            uint64
	size            int64
	_               [88]byte
}

func (s *samerunStat) links() uint64 { return s.nlink }

var _ [144]byte = [unsafe.Sizeof(samerunStat{})]byte{}
