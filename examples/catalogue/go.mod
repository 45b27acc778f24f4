module syncjobs.io/examples/catalogue

go 1.24
