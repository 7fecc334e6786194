// Package fair has a function without a body, which the compiler allows where there is such a file.
