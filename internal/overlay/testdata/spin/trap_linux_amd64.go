package spin

// stepping reports whether the trap flag of the processor is set.
func stepping() bool
