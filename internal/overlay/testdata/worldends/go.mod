module worldends

go 1.22
