// Package media takes pictures from people and keeps nothing of the file but what is seen: it is decoded within
// limits and written anew, without metadata, scripts or anything behind its end.
package media

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"path"
	"slices"
	"strings"

	"jingzhong/fault"
)

// Limits of a picture: bytes and points of the file that is sent, memory its decoding may take, and the long side of what is kept.
const (
	MaxBytes  = 5 << 20
	MaxPixels = 20_000_000
	MaxSide   = 1600

	maxMemory = 128 << 20
	maxScans  = 100       // of a progressive JPEG; a file of nothing but scans keeps a processor busy for minutes
	heavyPNG  = 512 << 10 // above it an opaque picture is tried as JPEG
	quality   = 85
)

// Faults of pictures.
var (
	ErrType      = fault.New(fault.Invalid, "picture.type")
	ErrExtension = fault.New(fault.Invalid, "picture.extension")
	ErrLarge     = fault.New(fault.TooLarge, "picture.large")
	ErrPixels    = fault.New(fault.Unprocessable, "picture.pixels")
	ErrBroken    = fault.New(fault.Unprocessable, "picture.broken")
)

// Picture is an image as it is kept: PNG or JPEG, at most MaxSide long. Hash is the SHA-256 of Data.
type Picture struct {
	Hash   string
	MIME   string
	Width  int
	Height int
	Data   []byte
}

type format struct {
	magic      []string
	extensions []string
	config     func(data []byte) (image.Config, error)
	decode     func(data []byte) (image.Image, error)
}

var formats = []format{
	{[]string{"\x89PNG\r\n\x1a\n"}, []string{".png"},
		func(data []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(data)) },
		func(data []byte) (image.Image, error) { return png.Decode(bytes.NewReader(data)) }},
	{[]string{"\xff\xd8\xff"}, []string{".jpg", ".jpeg", ".jpe", ".jfif"},
		func(data []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(data)) },
		func(data []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(data)) }},
	{[]string{"GIF87a", "GIF89a"}, []string{".gif"},
		func(data []byte) (image.Config, error) { return gif.DecodeConfig(bytes.NewReader(data)) },
		func(data []byte) (image.Image, error) { return gif.Decode(bytes.NewReader(data)) }},
}

// decoding lets one picture be decoded at a time, so that many uploads together take no more memory than one.
var decoding = make(chan struct{}, 1)

// Named refuses a file name whose extension says something else than its content.
func Named(name string, data []byte) error {
	f, err := formatOf(data)
	if err != nil {
		return err
	}
	if ext := strings.ToLower(path.Ext(name)); !slices.Contains(f.extensions, ext) {
		return ErrExtension
	}
	return nil
}

func formatOf(data []byte) (format, error) {
	for _, f := range formats {
		for _, magic := range f.magic {
			if bytes.HasPrefix(data, []byte(magic)) {
				return f, nil
			}
		}
	}
	return format{}, ErrType
}

// Clean decodes a PNG, a JPEG or the first frame of a GIF and writes it anew. What the header claims is
// checked before anything is decoded.
func Clean(data []byte) (Picture, error) {
	if len(data) > MaxBytes {
		return Picture{}, ErrLarge.With("most", MaxBytes>>20)
	}
	f, err := formatOf(data)
	if err != nil {
		return Picture{}, err
	}
	c, err := f.config(data)
	switch {
	case err != nil || c.Width < 1 || c.Height < 1:
		return Picture{}, ErrBroken
	case c.Width > MaxPixels || c.Height > MaxPixels || c.Width*c.Height > MaxPixels || memory(c, data) > maxMemory:
		return Picture{}, ErrPixels.With("most", MaxPixels/1_000_000)
	case progressive(data) && bytes.Count(data, []byte{0xff, 0xda}) > maxScans:
		return Picture{}, ErrBroken
	}
	decoding <- struct{}{}
	defer func() { <-decoding }()
	img, err := f.decode(data)
	if err != nil {
		return Picture{}, ErrBroken
	}
	b := img.Bounds()
	if w, h := fit(b.Dx(), b.Dy()); w != b.Dx() || h != b.Dy() {
		img = shrink(img, w, h)
	}
	return write(turn(img, orientation(data)), f.extensions[0] == ".jpg")
}

// fit brings the long side down to MaxSide.
func fit(w, h int) (int, int) {
	long := max(w, h)
	if long <= MaxSide {
		return w, h
	}
	return max(1, (w*MaxSide+long/2)/long), max(1, (h*MaxSide+long/2)/long)
}

// write encodes what was decoded: photographs as JPEG, anything else as PNG unless that is heavy for no reason.
func write(img image.Image, photo bool) (Picture, error) {
	p := Picture{Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}
	var asPNG, asJPEG bytes.Buffer
	if !photo {
		if err := png.Encode(&asPNG, img); err != nil {
			return p, ErrBroken
		}
	}
	clear, known := img.(interface{ Opaque() bool })
	if photo || asPNG.Len() > heavyPNG && known && clear.Opaque() {
		if err := jpeg.Encode(&asJPEG, img, &jpeg.Options{Quality: quality}); err != nil {
			return p, ErrBroken
		}
	}
	p.MIME, p.Data = "image/png", asPNG.Bytes()
	if asJPEG.Len() > 0 && (photo || asJPEG.Len() < asPNG.Len()) {
		p.MIME, p.Data = "image/jpeg", asJPEG.Bytes()
	}
	sum := sha256.Sum256(p.Data)
	p.Hash = hex.EncodeToString(sum[:])
	return p, nil
}
