module doctor

go 1.25
