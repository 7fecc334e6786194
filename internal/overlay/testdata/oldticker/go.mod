module oldticker

go 1.22
