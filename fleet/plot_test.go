package fleet

import (
	"bytes"
	"fmt"
)

// plot draws what a simulation did, minute by minute.
func plot(s *simulation, messages []int) []byte {
	const width, height, left, gap = 900, 180, 70, 60
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`+"\n", left+width+40, 3*(height+gap)-5)
	b.WriteString(`<rect width="100%" height="100%" fill="white"/>` + "\n")
	cumulative, used := make([]float64, len(s.perMin)), 0
	calls, perSecond := make([]float64, len(s.perMin)), make([]float64, len(s.perMin))
	for i, n := range s.perMin {
		used += n
		calls[i], perSecond[i] = float64(n)/60, float64(messages[i])/60
		cumulative[i] = 100 * float64(used) / float64(s.tokens*s.limit)
	}
	panel := func(row int, title string, values []float64, top float64, color string) {
		y := 30 + row*(height+gap)
		fmt.Fprintf(&b, `<text x="%d" y="%d" fill="#222">%s</text>`+"\n", left, y-8, title)
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="#bbb"/>`+"\n", left, y, width, height)
		for i := range 5 {
			value := top * float64(i) / 4
			at := float64(y+height) - float64(height)*float64(i)/4
			fmt.Fprintf(&b, `<text x="%d" y="%.0f" text-anchor="end" fill="#555">%s</text>`+"\n", left-6, at+4, thousands(value))
			fmt.Fprintf(&b, `<line x1="%d" x2="%d" y1="%.0f" y2="%.0f" stroke="#eee"/>`+"\n", left, left+width, at, at)
		}
		for minute := 0; minute <= len(values); minute += 30 {
			x := left + width*minute/len(values)
			fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" fill="#555">%d min</text>`+"\n", x, y+height+17, minute)
		}
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#c00" fill-opacity="0.12"/>`+"\n",
			left+width*62/len(values), y, width*5/len(values), height)
		fmt.Fprintf(&b, `<polyline fill="none" stroke="%s" stroke-width="1.5" points="`, color)
		for i, v := range values {
			fmt.Fprintf(&b, "%.1f,%.1f ", left+float64(width)*(float64(i)+0.5)/float64(len(values)), float64(y+height)-float64(height)*min(v/top, 1))
		}
		b.WriteString(`"/>` + "\n")
	}
	panel(0, fmt.Sprintf("calls a second, of %s workers with %s tokens of %s calls an hour; NATS is away in the red span",
		thousands(float64(s.workers)), thousands(float64(s.tokens)), thousands(float64(s.limit))),
		calls, ceiling(calls), "#06c")
	panel(1, "calls since the start, in % of what all tokens have in an hour", cumulative, 100*s.lasts.Hours(), "#080")
	panel(2, "messages to NATS a second", perSecond, ceiling(perSecond), "#850")
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// thousands writes a number with commas.
func thousands(value float64) string {
	text := fmt.Sprintf("%.0f", value)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// ceiling is a round number over all values.
func ceiling(values []float64) float64 {
	top := 1.0
	for _, v := range values {
		for top < v {
			if top *= 2; top < v {
				top *= 2.5
			}
			if top < v {
				top *= 2
			}
		}
	}
	return top
}
