package main

import (
	"io"
	"os"
	"path/filepath"

	chart "github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"
)

// axes of each chart: what stands below and beside it, and whether it begins at zero on a scale of powers.
var axes = map[string]struct{ x, y string }{
	"rate":    {"waiting jobs", "jobs per second"},
	"latency": {"percent of jobs", "ms from create to Started"},
	"memory":  {"waiting jobs", "MB of memory"},
	"idle":    {"waiting jobs", "percent of a core"},
}

// others is what was measured of others once, on a machine of the same kind: jobs per second.
var others = []series{
	{"kruntimes, most", []float64{200, 1000}, []float64{61, 37}},
	{"kruntimes, least", []float64{200, 1000}, []float64{38, 24}},
	{"batch/v1 Jobs", []float64{200, 200}, []float64{3, 3}},
}

func (f *figures) draw(folder string) error {
	if len(f.Bars) > 0 {
		if err := drawBars(filepath.Join(folder, "processor.svg"), f.Bars); err != nil {
			return err
		}
	}
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

		YAxisSecondary: chart.HideYAxis(),
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
	if name == "rate" {
		for i, one := range others {
			picture.Series = append(picture.Series, chart.ContinuousSeries{
				Name: one.Name, XValues: one.X, YValues: one.Y,
				Style: chart.Style{StrokeColor: chart.GetDefaultColor(len(lines) + i), StrokeWidth: 2,
					DotColor: chart.GetDefaultColor(len(lines) + i), DotWidth: 3},
			})
		}
	}
	// The upper half is for the legend.
	picture.YAxis.Range = &chart.ContinuousRange{Min: 0, Max: top * 2}
	picture.Elements = []chart.Renderable{chart.Legend(&picture, chart.Style{FillColor: drawing.ColorWhite})}
	return render(path, picture.Render)
}

func render(path string, picture func(chart.RendererProvider, io.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return picture(chart.SVG, file)
}

func drawBars(path string, bars []bar) error {
	picture := chart.BarChart{
		Title: "ms of a core for each warm job", Width: 720, Height: 400, BarWidth: 50,
		Background: chart.Style{Padding: chart.Box{Top: 60, Left: 20, Right: 20, Bottom: 20}},
		YAxis:      chart.YAxis{Range: &chart.ContinuousRange{Min: 0}, ValueFormatter: plain},
	}
	for _, one := range bars {
		picture.Bars = append(picture.Bars, chart.Value{Label: one.Name, Value: one.Value})
		picture.YAxis.Range.SetMax(max(picture.YAxis.Range.GetMax(), one.Value*1.1))
	}
	return render(path, picture.Render)
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
