package wire

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

// Offer gives an empty model, whose memory is counted, to the next call of New.
func (t *Table[T]) Offer(d *Decoder, model *T) {
	t.ready()
	t.memory(d).offered = model
}

// Reuse gives the memory of a model that nobody needs, or nil, to the next call of New.
func (t *Table[T]) Reuse(d *Decoder, model *T) {
	if model != nil {
		*model = *new(T)
		t.Offer(d, model)
	}
}

// New returns an empty model, whose memory is counted.
func (t *Table[T]) New(d *Decoder) *T {
	t.ready()
	if m := t.memory(d); m.offered != nil {
		model := m.offered
		m.offered = nil
		return model
	}
	if t.Make != nil {
		return t.Make(d)
	}
	d.Spend(sizeOf[T]())
	return new(T)
}

// readList reads a list, which is nil only where it is null.
func (t *Table[T]) readList(d *Decoder, field any) {
	result := field.(*[]T)
	if *result = nil; d.Null() {
		return
	}
	if d.Peek() != '[' {
		d.Fail("an array")
		return
	}
	t.ready()
	pile := &t.memory(d).pile
	list := pile.start()
	d.open()
	for first := true; d.more(']', first); first = false {
		longer, ok := pile.add(d, list)
		if !ok {
			break
		}
		list = longer
		t.Read(d, &list[len(list)-1])
	}
	*result = pile.take(d, list)
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
		start := len(e.data)
		for i := range *field {
			e.data = append(e.data, ',')
			t.Write(e, &(*field)[i])
		}
		e.enclose(start, '[', ']')
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
