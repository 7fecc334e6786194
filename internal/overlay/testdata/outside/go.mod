module outside

go 1.25
