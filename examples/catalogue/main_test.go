package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// opened is a shop that is past its first rush.
func opened(t *testing.T) (*shop, string) {
	t.Helper()
	s := newShop()
	s.pushes = lastBusyPush
	server := httptest.NewServer(s.handler())
	t.Cleanup(server.Close)
	return s, server.URL
}

const mat = `{"sku":"BA-4001","name":"Bath mat","category":"Bathroom","price":"29.90","currency":"EUR","stock":3,"weightGrams":870}`
const knife = `{"sku":"KT-1001","name":"Chef's knife","category":"Kitchen","price":"64.90","currency":"EUR","stock":3,"weightGrams":210}`

// pushed runs the worker as a pod would and returns its exit code and termination message.
func pushed(t *testing.T, url, payload, key string) (int, report) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "termination-log")
	code := push(func(name string) string {
		return map[string]string{
			"SYNCJOB_ACTION": "push.product", "SYNCJOB_NAME": "job", "SYNCJOB_ATTEMPT": "1",
			"SYNCJOB_PAYLOAD": payload, "SYNCJOB_IDEMPOTENCY_KEY": key, "SHOP_URL": url,
		}[name]
	}, file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var said report
	if err := json.Unmarshal(text, &said); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return code, said
}

func TestAPushedProductIsARecordOfTheShop(t *testing.T) {
	s, url := opened(t)
	code, said := pushed(t, url, knife, "uid-0")
	if code != exitDone || said.Result == nil || said.Result.ShopID != 1 {
		t.Fatalf("exit %d, %+v", code, said)
	}
	if len(s.records) != 1 || s.records[0].Name != "Chef's knife" {
		t.Fatalf("the shop has %+v", s.records)
	}
}

func TestARepeatedPushIsNotASecondRecord(t *testing.T) {
	s, url := opened(t)
	pushed(t, url, knife, "uid-0")
	code, said := pushed(t, url, knife, "uid-0")
	if code != exitDone || said.Result.ShopID != 1 || len(s.records) != 1 {
		t.Fatalf("exit %d, %+v, the shop has %d records", code, said, len(s.records))
	}
	if pushed(t, url, knife, "another-0"); len(s.records) != 2 {
		t.Fatalf("without the key the shop should have taken a second record, it has %d", len(s.records))
	}
}

func TestABusyShopIsARetryAfterItsTime(t *testing.T) {
	s, url := opened(t)
	s.pushes = firstBusyPush - 1
	for range lastBusyPush - firstBusyPush + 1 {
		code, said := pushed(t, url, knife, "uid-0")
		if code != exitRetry || said.RetryAfterSeconds == nil || *said.RetryAfterSeconds != retryAfterSeconds {
			t.Fatalf("exit %d, %+v", code, said)
		}
	}
	if code, _ := pushed(t, url, knife, "uid-0"); code != exitDone || len(s.records) != 1 {
		t.Fatalf("exit %d, the shop has %d records", code, len(s.records))
	}
}

func TestAnUnknownCategoryFailsUntilItIsAdded(t *testing.T) {
	s, url := opened(t)
	code, said := pushed(t, url, mat, "uid-0")
	if code != exitFailed || said.Type != "UnknownCategory" || !strings.Contains(said.Message, `"Bathroom"`) ||
		!strings.Contains(said.Resolution, "add-category") {
		t.Fatalf("exit %d, %+v", code, said)
	}
	if err := addCategory(url, "Bathroom"); err != nil {
		t.Fatal(err)
	}
	if code, said := pushed(t, url, mat, "uid-1"); code != exitDone || len(s.records) != 1 {
		t.Fatalf("exit %d, %+v", code, said)
	}
}

func TestAShopThatIsNotThereIsARetry(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	if code, said := pushed(t, server.URL, knife, "uid-0"); code != exitRetry || said.Type != "ShopUnreachable" {
		t.Fatalf("exit %d, %+v", code, said)
	}
}

func TestTheFileBecomesOneJobForEachProduct(t *testing.T) {
	var out bytes.Buffer
	if err := printJobs("products.json", &out); err != nil {
		t.Fatal(err)
	}
	var list struct {
		Items []struct {
			Metadata struct{ Name string }
			Spec     struct{ Payload product }
		}
	}
	if err := json.Unmarshal(out.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	products := 0
	refused := 0
	for _, item := range list.Items {
		if item.Metadata.Name != "push-product-"+strings.ToLower(item.Spec.Payload.SKU) {
			t.Errorf("%s carries %s", item.Metadata.Name, item.Spec.Payload.SKU)
		}
		if item.Spec.Payload.Category == "Bathroom" {
			refused++
		}
		products++
	}
	if products != 30 || refused != 1 {
		t.Fatalf("%d products, %d of a category that the shop lacks", products, refused)
	}
}

func TestMissingNamesWhatTheShopLacks(t *testing.T) {
	_, url := opened(t)
	pushed(t, url, knife, "uid-0")
	var out bytes.Buffer
	err := compare(strings.NewReader("["+knife+","+mat+"]"), url, &out)
	if err == nil || out.String() != "BA-4001  0 times  Bath mat\n" {
		t.Fatalf("%v: %s", err, &out)
	}
	if err := compare(strings.NewReader("["+knife+"]"), url, io.Discard); err != nil {
		t.Fatal(err)
	}
}
