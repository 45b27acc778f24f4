module syncjobs.io/dev/demo

go 1.24
