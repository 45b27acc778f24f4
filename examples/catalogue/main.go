// The catalogue example: product records of a file are pushed to a shop, one SyncJob each.
//
// One program plays both ends, so that one image is enough: the shop, and the worker that pushes one product to it.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

const usage = `usage: catalogue COMMAND

  jobs [FILE]         print one SyncJob per product of FILE (products.json) for kubectl apply -f -
  push                the worker: push the product of SYNCJOB_PAYLOAD to the shop at SHOP_URL
  shop                the shop, on :8080
  count               how many records the shop has
  missing             which products of the file on standard input the shop lacks or has twice
  add-category NAME   let the shop sell products of one more category
`

// product is a record of the file. The worker passes it on as it is; only the shop looks inside.
type product struct {
	SKU         string `json:"sku"`
	Name        string `json:"name"`
	Category    string `json:"category"`
	Price       string `json:"price"`
	Currency    string `json:"currency"`
	Stock       int    `json:"stock"`
	WeightGrams int    `json:"weightGrams"`
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "push" {
		os.Exit(push(os.Getenv, "/dev/termination-log"))
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "catalogue: "+err.Error())
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("a command is missing\n%s", usage)
	}
	switch command, words := args[0], args[1:]; {
	case command == "jobs" && len(words) <= 1:
		return printJobs(append(words, "products.json")[0], os.Stdout)
	case command == "shop" && len(words) == 0:
		fmt.Println("the shop is open on :8080")
		return http.ListenAndServe(":8080", newShop().handler())
	case command == "count" && len(words) == 0:
		records, err := fetchRecords(shopURL())
		if err == nil {
			fmt.Println(len(records))
		}
		return err
	case command == "missing" && len(words) == 0:
		return compare(os.Stdin, shopURL(), os.Stdout)
	case command == "add-category" && len(words) == 1:
		return addCategory(shopURL(), words[0])
	}
	return fmt.Errorf("%q is not understood\n%s", strings.Join(args, " "), usage)
}

// shopURL is the shop of this very container unless SHOP_URL names another: count, missing and add-category are typed
// with kubectl exec.
func shopURL() string {
	if url := os.Getenv("SHOP_URL"); url != "" {
		return url
	}
	return "http://localhost:8080"
}

func readProducts(from io.Reader) ([]product, error) {
	var products []product
	decoder := json.NewDecoder(from)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&products); err != nil {
		return nil, fmt.Errorf("the products cannot be read, a JSON list is expected: %w", err)
	}
	seen := map[string]bool{}
	for i, p := range products {
		if p.SKU == "" || seen[p.SKU] {
			return nil, fmt.Errorf("product %d (%q) needs a sku of its own, it has %q", i+1, p.Name, p.SKU)
		}
		seen[p.SKU] = true
	}
	return products, nil
}

// printJobs writes a SyncJob per product. Its name comes from the record, so that submitting twice makes one job.
func printJobs(file string, to io.Writer) error {
	opened, err := os.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	products, err := readProducts(opened)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var jobs []any
	for _, p := range products {
		jobs = append(jobs, map[string]any{
			"apiVersion": "syncjobs.io/v1alpha1",
			"kind":       "SyncJob",
			"metadata":   map[string]any{"name": "push-product-" + strings.ToLower(p.SKU)},
			"spec":       map[string]any{"queue": "shop", "action": "push.product", "payload": p},
		})
	}
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	return encoder.Encode(map[string]any{"apiVersion": "v1", "kind": "List", "items": jobs})
}

// compare says what the shop lacks or has more than once, and fails when there is something to say.
func compare(from io.Reader, url string, to io.Writer) error {
	products, err := readProducts(from)
	if err != nil {
		return err
	}
	records, err := fetchRecords(url)
	if err != nil {
		return err
	}
	times := map[string]int{}
	for _, r := range records {
		times[r.SKU]++
	}
	wrong := 0
	for _, p := range products {
		if n := times[p.SKU]; n != 1 {
			fmt.Fprintf(to, "%s  %d times  %s\n", p.SKU, n, p.Name)
			wrong++
		}
	}
	if wrong > 0 || len(records) != len(products) {
		return fmt.Errorf("the shop has %d records and the file %d; %d products are not there exactly once", len(records), len(products), wrong)
	}
	fmt.Fprintf(to, "all %d products are in the shop, each once\n", len(products))
	return nil
}

var client = &http.Client{Timeout: 20 * time.Second}

func fetchRecords(url string) ([]record, error) {
	answer, err := client.Get(url + "/products")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var records []record
	return records, json.NewDecoder(answer.Body).Decode(&records)
}

func addCategory(url, name string) error {
	body, err := json.Marshal(map[string]string{"name": name})
	if err != nil {
		return err
	}
	answer, err := client.Post(url+"/categories", "application/json", strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the shop answered %s: %s", answer.Status, text)
	}
	fmt.Print(string(text))
	return nil
}
