package spin

// stepping reports whether the trap flag of the processor is set.
func stepping() bool

// popFlags takes the flags of the processor from the stack, without the trap flag.
func popFlags()
