package store

import (
	"encoding/json"
	"reflect"
	"time"
)

// part gives a value that was copied by assignment its own slices, maps and
// pointers. nil: assignment alone is a full copy.
type part func(v reflect.Value)

// cloner returns how to copy values of T, so that the cache and its readers
// never share anything that can be changed. ok is false for types that only
// decoding can copy: those with interfaces, hidden fields or decoders of
// their own.
func cloner[T any]() (clone func(*T) T, ok bool) {
	p, ok := partOf(reflect.TypeFor[T](), nil)
	if !ok {
		return nil, false
	}
	return func(v *T) T {
		out := *v
		if p != nil {
			p(reflect.ValueOf(&out).Elem())
		}
		return out
	}, true
}

var (
	timeType    = reflect.TypeFor[time.Time]()
	decoderType = reflect.TypeFor[json.Unmarshaler]()
)

func partOf(t reflect.Type, in []reflect.Type) (part, bool) {
	if t == timeType { // never changed in place
		return nil, true
	}
	for _, outer := range in {
		if outer == t { // a type that holds itself
			return nil, false
		}
	}
	in = append(in, t)
	switch t.Kind() {
	case reflect.Struct:
		return structPart(t, in)
	case reflect.Slice:
		elem, ok := partOf(t.Elem(), in)
		return func(v reflect.Value) {
			if v.IsNil() {
				return
			}
			n := reflect.MakeSlice(t, v.Len(), v.Len())
			reflect.Copy(n, v)
			v.Set(n)
			for i := 0; elem != nil && i < n.Len(); i++ {
				elem(n.Index(i))
			}
		}, ok
	case reflect.Array:
		elem, ok := partOf(t.Elem(), in)
		if elem == nil {
			return nil, ok
		}
		return func(v reflect.Value) {
			for i := range v.Len() {
				elem(v.Index(i))
			}
		}, ok
	case reflect.Map:
		elem, ok := partOf(t.Elem(), in)
		_, flat := partOf(t.Key(), in)
		return func(v reflect.Value) {
			if v.IsNil() {
				return
			}
			n := reflect.MakeMapWithSize(t, v.Len())
			for it := v.MapRange(); it.Next(); {
				e := it.Value()
				if elem != nil {
					own := reflect.New(t.Elem()).Elem()
					own.Set(e)
					elem(own)
					e = own
				}
				n.SetMapIndex(it.Key(), e)
			}
			v.Set(n)
		}, ok && flat
	case reflect.Pointer:
		elem, ok := partOf(t.Elem(), in)
		return func(v reflect.Value) {
			if v.IsNil() {
				return
			}
			n := reflect.New(t.Elem())
			n.Elem().Set(v.Elem())
			if elem != nil {
				elem(n.Elem())
			}
			v.Set(n)
		}, ok
	case reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return nil, false
	}
	return nil, true
}

func structPart(t reflect.Type, in []reflect.Type) (part, bool) {
	type field struct {
		n int
		p part
	}
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		p, ok := partOf(f.Type, in)
		if !ok || p != nil && (!f.IsExported() || reflect.PointerTo(t).Implements(decoderType)) {
			return nil, false
		}
		if p != nil {
			fields = append(fields, field{i, p})
		}
	}
	if len(fields) == 0 {
		return nil, true
	}
	return func(v reflect.Value) {
		for _, f := range fields {
			f.p(v.Field(f.n))
		}
	}, true
}
