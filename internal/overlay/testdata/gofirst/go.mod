module gofirst

go 1.25
