module unmodified

go 1.25
