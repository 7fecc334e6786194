module links

go 1.25
