package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
)

// memory is about how many bytes the decoder will hold. A progressive JPEG keeps four bytes for every sample
// beside the picture itself.
func memory(c image.Config, data []byte) int {
	points := c.Width * c.Height
	switch {
	case progressive(data) && c.ColorModel == color.CMYKModel:
		return 20 * points
	case progressive(data):
		return 15 * points
	}
	switch c.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		return 8 * points
	case color.GrayModel:
		return points
	}
	return 4 * points
}

// segments calls see with each marker of a JPEG and what it holds, up to the first scan.
func segments(data []byte, see func(marker byte, body []byte) (more bool)) {
	if !bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
		return
	}
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker := data[at+1]
		if marker == 0xff { // a filling byte
			at++
			continue
		}
		size := int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(data) || !see(marker, data[at+4:at+2+size]) {
			return
		}
		at += 2 + size
	}
}

func progressive(data []byte) bool {
	found := false
	segments(data, func(marker byte, _ []byte) bool {
		found = marker == 0xc2
		return !found
	})
	return found
}

// orientation is how a camera was held, 1 to 8 as Exif counts; 1 = upright, and where nothing is said.
func orientation(data []byte) int {
	held := 1
	segments(data, func(marker byte, body []byte) bool {
		tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
		if marker != 0xe1 || !ok {
			return true
		}
		held = orientationOf(tiff)
		return false
	})
	return held
}

// orientationTag is the tag of the first directory of a TIFF that holds it.
const orientationTag = 0x0112

func orientationOf(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := uint64(order.Uint16(tiff[at:]))
	for i := uint64(0); i < entries; i++ {
		entry := at + 2 + 12*i
		if entry+12 > uint64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[entry:]) == orientationTag {
			if held := int(order.Uint16(tiff[entry+8:])); held >= 1 && held <= 8 {
				return held
			}
			return 1
		}
	}
	return 1
}

// Points is how many points a file claims to have, 0 if it cannot be read: what decoding it will cost.
func Points(data []byte) int {
	f, err := formatOf(data)
	if err != nil {
		return 0
	}
	c, err := f.config(data)
	if err != nil || c.Width < 1 || c.Height < 1 || c.Width > MaxPixels || c.Height > MaxPixels {
		return 0
	}
	return c.Width * c.Height
}
