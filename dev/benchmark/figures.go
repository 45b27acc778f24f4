package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// figure is one number that was measured; Must and Aim are of the budget, zero where it has none. Some figures have an aim alone.
type figure struct {
	What    string  `json:"what"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit,omitempty"`
	Must    float64 `json:"must,omitempty"`
	Aim     float64 `json:"aim,omitempty"`
	AtLeast bool    `json:"atLeast,omitempty"` // larger is better
}

// series is a line of a chart.
type series struct {
	Name string    `json:"name"`
	X    []float64 `json:"x"`
	Y    []float64 `json:"y"`
}

type figures struct {
	All    []figure            `json:"figures"`
	Charts map[string][]series `json:"charts"`
	Bars   []bar               `json:"processorOfAWarmJob"` // in ms of a core
	values map[string]float64
}

// bar is a process and what it takes.
type bar struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

func newFigures() *figures {
	return &figures{Charts: map[string][]series{}, values: map[string]float64{}}
}

func (f *figures) add(one figure) {
	f.All = append(f.All, one)
	f.values[one.What] = one.Value
	fmt.Println("bench: " + one.line())
}

// tell keeps a figure of which the budget says nothing.
func (f *figures) tell(what string, value float64, unit string) {
	f.add(figure{What: what, Value: value, Unit: unit})
}

func (f *figures) atLeast(what string, value, must, aim float64) {
	f.add(figure{What: what, Value: value, Must: must, Aim: aim, AtLeast: true})
}

func (f *figures) atMost(what string, value float64, unit string, must, aim float64) {
	f.add(figure{What: what, Value: value, Unit: unit, Must: must, Aim: aim})
}

func (f *figures) point(chart, line string, x, y float64) {
	for i, one := range f.Charts[chart] {
		if one.Name == line {
			f.Charts[chart][i].X = append(one.X, x)
			f.Charts[chart][i].Y = append(one.Y, y)
			return
		}
	}
	f.Charts[chart] = append(f.Charts[chart], series{line, []float64{x}, []float64{y}})
}

func number(value float64) string {
	switch size := math.Abs(value); {
	case size >= 100:
		return fmt.Sprintf("%.0f", value)
	case size >= 10:
		return fmt.Sprintf("%.1f", value)
	default:
		return fmt.Sprintf("%.2f", value)
	}
}

// kept says whether the budget is.
func (one figure) kept() string {
	better := func(limit float64) bool {
		if one.AtLeast {
			return one.Value >= limit
		}
		return one.Value <= limit
	}
	switch {
	case one.Must == 0 && one.Aim == 0:
		return ""
	case one.Aim != 0 && better(one.Aim):
		return "aim"
	case one.Must == 0:
		return "aim missed"
	case better(one.Must):
		return "must"
	default:
		return "MISSED"
	}
}

func (one figure) line() string {
	text := fmt.Sprintf("%s: %s %s", one.What, number(one.Value), one.Unit)
	if kept := one.kept(); kept != "" {
		text += fmt.Sprintf(" (must %s, aim %s: %s)", limit(one.Must), limit(one.Aim), kept)
	}
	return text
}

func limit(value float64) string {
	if value == 0 {
		return "-"
	}
	return number(value)
}

func (f *figures) write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "bench.json"), data, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "table.md"), []byte(f.table()), 0o644); err != nil {
		return err
	}
	return f.draw(folder)
}

func (f *figures) table() string {
	var out strings.Builder
	out.WriteString("| what | measured | must | aim | kept |\n| --- | --- | --- | --- | --- |\n")
	for _, one := range f.All {
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s |\n", one.What, strings.TrimSpace(number(one.Value)+" "+one.Unit), limit(one.Must), limit(one.Aim), one.kept())
	}
	return out.String()
}

// quantile of values that need not be sorted.
func quantile(values []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
