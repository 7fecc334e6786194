module speed

go 1.25
