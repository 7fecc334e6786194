module gobs

go 1.25
