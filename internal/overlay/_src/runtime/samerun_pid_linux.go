package runtime

func samerunPid() int { return getpid() }
