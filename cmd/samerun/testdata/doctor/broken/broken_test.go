package broken

func oops() int { return "a string" }
