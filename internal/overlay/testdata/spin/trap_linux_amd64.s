#include "textflag.h"

// func stepping() bool
TEXT ·stepping(SB), NOSPLIT, $8-1
	PUSHFQ
	POPQ AX
	SHRQ $8, AX
	ANDQ $1, AX
	MOVB AX, ret+0(FP)
	RET

// func popFlags()
TEXT ·popFlags(SB), NOSPLIT, $8-0
	PUSHFQ
	POPQ AX
	BTRQ $8, AX
	PUSHQ AX
	POPFQ
	RET
