module fair

go 1.25
