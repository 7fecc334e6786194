module disks

go 1.25
