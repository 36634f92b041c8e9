package world

import "math"

// Contains says whether a media is from the area.
func (g *Geography) Contains(m *Media) bool {
	where := m.Where()
	return where != nil && Metres(g.Center, *where) <= g.Radius
}

// Metres is the distance of two points along the great circle, to the millimetre.
func Metres(a, b Point) float64 {
	const earth, rad = 6_371_008.8, math.Pi / 180
	lat, lng := (b.Lat-a.Lat)*rad, (b.Lng-a.Lng)*rad
	h := sq(math.Sin(lat/2)) + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*sq(math.Sin(lng/2))
	return math.Round(2*earth*math.Asin(min(1, math.Sqrt(h)))*1000) / 1000
}

func sq(x float64) float64 { return x * x }

// Point is a place on the earth, in degrees.
type Point struct{ Lat, Lng float64 }

// Place is a location that has an id and a name.
type Place struct {
	ID      uint64
	Name    string
	Address string
	Point
	FacebookPlacesID, FoursquareID, FoursquareV2ID string

	Media []*Media // oldest first
}

// Geography is an area that an app has subscribed to.
type Geography struct {
	ID     uint64
	Center Point
	Radius float64 // metres
}

// NextGeography is the id of a new geography.
func (w *World) NextGeography() uint64 {
	w.lastGeography++
	return w.lastGeography
}
