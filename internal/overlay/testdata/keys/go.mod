module keys

go 1.25
