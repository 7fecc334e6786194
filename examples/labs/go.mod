module labs

go 1.25.0
