module labs

go 1.26
