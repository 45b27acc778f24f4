package main

import "fmt"

func main() {
	fmt.Println("exporting")
	panic(fmt.Errorf("order %d: %w", 1042, fmt.Errorf("connection reset")))
}
