package wire

import "reflect"

// The methods by which a table is the Model of a row in another one.

func (t *Table[T]) readObject(d *Decoder, field any) { t.Read(d, field.(*T)) }

func (t *Table[T]) readPointer(d *Decoder, field any) {
	pointer := field.(**T)
	if *pointer = nil; d.Null() {
		return
	}
	*pointer = t.New(d)
	t.Read(d, *pointer)
}

// New returns an empty model, whose memory is counted.
func (t *Table[T]) New(d *Decoder) *T {
	d.Spend(sizeOf[T]())
	return new(T)
}

func sizeOf[T any]() int { return int(reflect.TypeFor[T]().Size()) }

// readList reads a list, which is nil only where it is null. The elements are
// collected in memory that is used again first, so that the list takes no more
// than it needs.
func (t *Table[T]) readList(d *Decoder, field any) {
	result := field.(*[]T)
	if *result = nil; d.Null() {
		return
	}
	t.ready()
	memory := t.memory(d)
	list := memory.list[:0]
	for range d.Elements {
		if len(list) == cap(list) {
			d.Spend(sizeOf[T]() * max(len(list), 1))
		}
		list = append(list, *new(T))
		t.Read(d, &list[len(list)-1])
	}
	d.Spend(sizeOf[T]() * len(list))
	*result = append(make([]T, 0, len(list)), list...)
	clear(list)
	if memory.list = list; cap(list)*sizeOf[T]() > maxKept {
		memory.list = nil
	}
}

// ReadList reads a list of models.
func (t *Table[T]) ReadList(d *Decoder) (list []T) {
	t.readList(d, &list)
	return list
}

func (t *Table[T]) writeField(e *Encoder, field any) {
	switch field := field.(type) {
	case *T:
		t.Write(e, field)
	case **T:
		if *field == nil {
			e.null()
			return
		}
		t.Write(e, *field)
	case *[]T:
		if *field == nil {
			e.null()
			return
		}
		e.data = append(e.data, '[')
		for i := range *field {
			e.separate('[')
			t.Write(e, &(*field)[i])
		}
		e.data = append(e.data, ']')
	}
}

func (t *Table[T]) isZero(field any) bool {
	switch field := field.(type) {
	case *T:
		return t.IsZero(field)
	case **T:
		return *field == nil
	case *[]T:
		return *field == nil
	}
	return false
}
