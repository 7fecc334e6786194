module spin

go 1.25
