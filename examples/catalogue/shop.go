package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// record is a product as the shop keeps it, under a number of the shop's own.
type record struct {
	ID int `json:"id"`
	product
}

// shop keeps everything in memory: a restart empties it. Like many a real one it does not mind two records with the same
// SKU; what keeps a repeated push from becoming a second record is the Idempotency-Key.
type shop struct {
	mu         sync.Mutex
	categories []string
	records    []record
	byKey      map[string]record
	pushes     int
}

// Of the pushes after an opening these are told to come back later, as by a shop that cannot keep up with the first rush.
const firstBusyPush, lastBusyPush, retryAfterSeconds = 6, 9, 5

func newShop() *shop {
	return &shop{
		// Without Bathroom: that is the record which is refused until somebody adds the category.
		categories: []string{"Garden", "Kitchen", "Lighting", "Storage", "Tableware", "Textiles"},
		byKey:      map[string]record{},
	}
}

func (s *shop) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /products", s.list)
	mux.HandleFunc("POST /products", s.add)
	mux.HandleFunc("POST /categories", s.addCategory)
	return mux
}

func (s *shop) list(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer(w, http.StatusOK, append([]record{}, s.records...))
}

func (s *shop) add(w http.ResponseWriter, r *http.Request) {
	var p product
	key := r.Header.Get("Idempotency-Key")
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil || p.SKU == "" || key == "" {
		refuse(w, http.StatusBadRequest, "BadRequest", "a product with a sku and the header Idempotency-Key are needed")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pushes++
	if s.pushes >= firstBusyPush && s.pushes <= lastBusyPush {
		w.Header().Set("Retry-After", fmt.Sprint(retryAfterSeconds))
		refuse(w, http.StatusTooManyRequests, "TooManyRequests", "the shop is busy, "+p.SKU+" should come again later")
		return
	}
	if known, found := s.byKey[key]; found {
		answer(w, http.StatusOK, known)
		return
	}
	if !slices.Contains(s.categories, p.Category) {
		refuse(w, http.StatusUnprocessableEntity, "UnknownCategory",
			fmt.Sprintf("product %s is in category %q, which this shop does not have; it has %s", p.SKU, p.Category, strings.Join(s.categories, ", ")))
		return
	}
	added := record{ID: len(s.records) + 1, product: p}
	s.records = append(s.records, added)
	s.byKey[key] = added
	answer(w, http.StatusCreated, added)
	fmt.Printf("record %d is %s, %s\n", added.ID, p.SKU, p.Name)
}

func (s *shop) addCategory(w http.ResponseWriter, r *http.Request) {
	var category struct {
		Name string `json:"name"`
	}
	if err := json.NewDecoder(r.Body).Decode(&category); err != nil || category.Name == "" {
		refuse(w, http.StatusBadRequest, "BadRequest", "a name is needed")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.categories, category.Name) {
		s.categories = append(s.categories, category.Name)
		slices.Sort(s.categories)
	}
	fmt.Printf("category %s\n", category.Name)
	answer(w, http.StatusOK, map[string]any{"categories": s.categories})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

// refuse answers with a problem document (RFC 9457).
func refuse(w http.ResponseWriter, status int, kind, detail string) {
	fmt.Printf("%d %s\n", status, detail)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(problem{Type: kind, Title: http.StatusText(status), Detail: detail})
}
