module syncjobs.io/testworker

go 1.26
