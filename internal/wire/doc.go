// Package wire reads and writes models as JSON. It knows no model: a [Table] describes the members
// of one, and the same table reads it and writes it.
//
// A [Decoder] reads one JSON text in one pass. It takes strings for numbers and numbers for
// strings, keeps what no row is for, and bounds the memory that a text may come to. An [Encoder]
// writes models.
//
// The files build on each other in this order: errors, the decoder with its values, the encoder,
// the tables, and what reads and writes by them.
package wire
