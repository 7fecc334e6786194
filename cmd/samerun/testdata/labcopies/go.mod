module course.example

go 1.25
