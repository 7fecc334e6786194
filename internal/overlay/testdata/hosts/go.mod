module hosts

go 1.25
