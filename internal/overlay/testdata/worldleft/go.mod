module worldleft

go 1.25
