package main

import "log"

func main() {
	log.Println("exporting")
	log.Fatalf("export failed: %v", "the shop answered 500")
}
