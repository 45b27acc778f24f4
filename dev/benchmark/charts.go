package main

import (
	"os"
	"path/filepath"

	chart "github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"
)

// axes of each chart: what stands below and beside it, and whether it begins at zero on a scale of powers.
var axes = map[string]struct{ x, y string }{
	"rate":    {"waiting jobs", "jobs per second"},
	"latency": {"share of jobs", "ms from create to Started"},
	"memory":  {"waiting jobs", "MB of memory"},
	"idle":    {"waiting jobs", "percent of a core"},
}

func (f *figures) draw(folder string) error {
	for name, lines := range f.Charts {
		if err := draw(filepath.Join(folder, name+".svg"), name, lines); err != nil {
			return err
		}
	}
	return nil
}

func draw(path, name string, lines []series) error {
	picture := chart.Chart{
		Width: 720, Height: 400,
		Background: chart.Style{Padding: chart.Box{Top: 40, Left: 20, Right: 20, Bottom: 20}},
		XAxis:      chart.XAxis{Name: axes[name].x, ValueFormatter: plain},
		YAxis:      chart.YAxis{Name: axes[name].y, ValueFormatter: plain},
	}
	top := 0.0
	for i, line := range lines {
		if len(line.X) < 2 {
			continue
		}
		for _, y := range line.Y {
			top = max(top, y)
		}
		color := chart.GetDefaultColor(i)
		picture.Series = append(picture.Series, chart.ContinuousSeries{
			Name: line.Name, XValues: line.X, YValues: line.Y,
			Style: chart.Style{StrokeColor: color, StrokeWidth: 2, DotColor: color, DotWidth: dots(line)},
		})
	}
	if len(picture.Series) == 0 {
		return nil
	}
	picture.YAxis.Range = &chart.ContinuousRange{Min: 0, Max: top * 1.1}
	picture.Elements = []chart.Renderable{chart.LegendThin(&picture, chart.Style{FillColor: drawing.ColorWhite})}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return picture.Render(chart.SVG, file)
}

func dots(line series) float64 {
	if len(line.X) > 20 {
		return 0
	}
	return 3
}

func plain(value any) string {
	number, _ := value.(float64)
	return chart.FloatValueFormatterWithFormat(number, "%.0f")
}
