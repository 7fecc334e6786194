#include "textflag.h"

// func Flag() bool
TEXT ·Flag(SB), NOSPLIT, $8-1
	PUSHFQ
	POPQ AX
	SHRQ $8, AX
	ANDQ $1, AX
	MOVB AX, ret+0(FP)
	RET
