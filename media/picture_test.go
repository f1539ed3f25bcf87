package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// drawing is red on its left half and half transparent on its right.
func drawing(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.NRGBA{200, 30, 20, 255})
			if x >= w/2 {
				img.Set(x, y, color.NRGBA{20, 30, 200, 128})
			}
		}
	}
	return img
}

func asPNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif puts a directory with an orientation, and a secret, behind the start of a JPEG.
func exif(data []byte, held byte) []byte {
	body := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), held, 0, 0, 0, 0, 0, 0)
	body = append(body, "GPS 31.2 SECRET"...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(body)+2))
	return append(append(head, body...), data[2:]...)
}

// hollowPNG claims a size that its data do not have.
func hollowPNG(w, h uint32) []byte {
	chunk := func(name string, body []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		out = append(append(out, name...), body...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write(make([]byte, 4096))
	z.Close()
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 6, 0, 0, 0))...)
	return append(append(out, chunk("IDAT", packed.Bytes())...), chunk("IEND", nil)...)
}

func TestCleanKeepsWhatIsSeen(t *testing.T) {
	p, err := Clean(asPNG(t, drawing(40, 20)))
	if err != nil || p.MIME != "image/png" || p.Width != 40 || p.Height != 20 || len(p.Hash) != 64 {
		t.Fatalf("%+v %v", p, err)
	}
	img, err := png.Decode(bytes.NewReader(p.Data))
	if err != nil || color.NRGBAModel.Convert(img.At(39, 0)) != (color.NRGBA{20, 30, 200, 128}) {
		t.Errorf("the right half is %v, %v", img.At(39, 0), err)
	}
	again, err := Clean(p.Data)
	if err != nil || again.Hash != p.Hash {
		t.Errorf("cleaned twice: %s, was %s, %v", again.Hash, p.Hash, err)
	}
}

func TestCleanDropsWhatIsNotSeen(t *testing.T) {
	const tail = "PK\x03\x04<script>alert(1)</script>SECRET"
	var moving bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.White, color.Black})
	second := image.NewPaletted(frame.Rect, color.Palette{color.Black, color.White})
	if err := gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{frame, second}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"a zip behind a PNG":     append(asPNG(t, drawing(8, 8)), tail...),
		"a script behind a JPEG": append(exif(asJPEG(t, drawing(8, 8)), 1), tail...),
		"a script behind a GIF":  append(moving.Bytes(), tail...),
	} {
		p, err := Clean(data)
		if err != nil || bytes.Contains(p.Data, []byte("SECRET")) || bytes.Contains(p.Data, []byte("script")) {
			t.Errorf("%s: %d bytes, %v", name, len(p.Data), err)
		}
	}
}

func TestCleanSetsUpright(t *testing.T) {
	wide := drawing(160, 80)
	for held, want := range map[byte]image.Point{1: {160, 80}, 3: {160, 80}, 6: {80, 160}, 8: {80, 160}} {
		p, err := Clean(exif(asJPEG(t, wide), held))
		if err != nil || (image.Point{X: p.Width, Y: p.Height}) != want {
			t.Fatalf("held %d: %dx%d, %v", held, p.Width, p.Height, err)
		}
		img, err := jpeg.Decode(bytes.NewReader(p.Data))
		if err != nil {
			t.Fatal(err)
		}
		red := map[byte]image.Point{1: {10, 40}, 3: {150, 40}, 6: {40, 10}, 8: {40, 150}}[held]
		if r, _, b, _ := img.At(red.X, red.Y).RGBA(); r < b {
			t.Errorf("held %d: the left half is not at %v", held, red)
		}
	}
}

func TestCleanShrinks(t *testing.T) {
	p, err := Clean(asPNG(t, drawing(3300, 1100)))
	if err != nil || p.Width != MaxSide || p.Height != 533 {
		t.Fatalf("%dx%d %v", p.Width, p.Height, err)
	}
	img, err := png.Decode(bytes.NewReader(p.Data))
	if err != nil || color.NRGBAModel.Convert(img.At(10, 10)) != (color.NRGBA{200, 30, 20, 255}) {
		t.Errorf("the left half is %v, %v", img.At(10, 10), err)
	}
	if thin, err := Clean(asPNG(t, drawing(8000, 1))); err != nil || thin.Width != MaxSide || thin.Height != 1 {
		t.Errorf("a line: %+v %v", thin, err)
	}
}

// scans is a progressive JPEG of nothing but scans: each costs a walk over the whole picture.
func scans(t *testing.T) []byte {
	data := asJPEG(t, drawing(16, 16))
	at := bytes.Index(data, []byte{0xff, 0xc0})
	data[at+1] = 0xc2
	return append(data, bytes.Repeat([]byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0}, maxScans)...)
}

func TestCleanRefuses(t *testing.T) {
	whole := asPNG(t, drawing(64, 64))
	photo := asJPEG(t, drawing(64, 64))
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"SVG":               {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), ErrType},
		"HTML":              {[]byte(`<html>`), ErrType},
		"WebP":              {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), ErrType},
		"nothing":           {nil, ErrType},
		"a GIF with a head": {[]byte("GIF89a=1;alert(1)//"), ErrPixels},
		"a truncated PNG":   {whole[:len(whole)/2], ErrBroken},
		"a truncated JPEG":  {photo[:len(photo)/2], ErrBroken},
		"only a signature":  {whole[:8], ErrBroken},
		"a bomb":            {hollowPNG(50_000, 50_000), ErrPixels},
		"a long bomb":       {hollowPNG(2_000_000_000, 1), ErrPixels},
		"an empty claim":    {hollowPNG(4000, 4000), ErrBroken},
		"too many bytes":    {append(whole, make([]byte, MaxBytes)...), ErrLarge},
		"many scans":        {scans(t), ErrBroken},
	} {
		if p, err := Clean(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, %d bytes", name, err, len(p.Data))
		}
	}
}

func TestNamed(t *testing.T) {
	whole := asPNG(t, drawing(4, 4))
	for name, want := range map[string]error{"a.png": nil, "图.PNG": nil, "a.jpg": ErrExtension, "a.svg": ErrExtension, "a.png.exe": ErrExtension, "a": ErrExtension} {
		if err := Named(name, whole); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
