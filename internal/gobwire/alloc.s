// This file is empty on purpose. Its presence lets alloc.go declare functions without bodies.
