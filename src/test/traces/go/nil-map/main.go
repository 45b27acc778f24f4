package main

func main() {
	var stock map[string]int
	stock["sku"] = 1
}
