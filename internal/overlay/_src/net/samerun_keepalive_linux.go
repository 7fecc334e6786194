package net

import "syscall"

// samerunKeepAlive are the names of the options of keep-alive: idle time, interval, count.
var samerunKeepAlive = [3]int{syscall.TCP_KEEPIDLE, syscall.TCP_KEEPINTVL, syscall.TCP_KEEPCNT}
