module exact

go 1.25
