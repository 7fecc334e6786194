module inside

go 1.25
