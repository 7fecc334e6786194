module cspin

go 1.25
