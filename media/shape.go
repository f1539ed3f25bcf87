package media

import (
	"image"
	"image/draw"
)

// shrink makes a smaller picture in which every point is the mean of the area it stands for. It holds one line
// of the large picture at a time.
func shrink(src image.Image, w, h int) *image.RGBA {
	b := src.Bounds()
	sx, sy := float64(b.Dx())/float64(w), float64(b.Dy())/float64(h)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	line := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	narrow, sum := make([]float64, 4*w), make([]float64, 4*w)
	for oy := range h {
		clear(sum)
		from, to := float64(oy)*sy, float64(oy+1)*sy
		for y := int(from); y < b.Dy() && float64(y) < to; y++ {
			draw.Draw(line, line.Bounds(), src, image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
			shrinkLine(line.Pix, sx, narrow)
			weight := min(to, float64(y+1)) - max(from, float64(y))
			for i, v := range narrow {
				sum[i] += weight * v
			}
		}
		for i, v := range sum {
			out.Pix[oy*out.Stride+i] = uint8(min(v/(sx*sy)+.5, 255))
		}
	}
	return out
}

func shrinkLine(pix []uint8, sx float64, narrow []float64) {
	for ox := range len(narrow) / 4 {
		var sum [4]float64
		from, to := float64(ox)*sx, float64(ox+1)*sx
		for x := int(from); 4*x < len(pix) && float64(x) < to; x++ {
			weight := min(to, float64(x+1)) - max(from, float64(x))
			for k := range sum {
				sum[k] += weight * float64(pix[4*x+k])
			}
		}
		copy(narrow[4*ox:], sum[:])
	}
}

// turn sets a picture upright that was taken with the camera held as Exif says.
func turn(src image.Image, held int) image.Image {
	if held < 2 || held > 8 {
		return src
	}
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	flat := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(flat, flat.Bounds(), src, b.Min, draw.Src)
	ow, oh := w, h
	if held >= 5 {
		ow, oh = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, ow, oh))
	for y := range oh {
		for x := range ow {
			fx, fy := x, y
			switch held {
			case 2:
				fx = w - 1 - x
			case 3:
				fx, fy = w-1-x, h-1-y
			case 4:
				fy = h - 1 - y
			case 5:
				fx, fy = y, x
			case 6:
				fx, fy = y, h-1-x
			case 7:
				fx, fy = w-1-y, h-1-x
			case 8:
				fx, fy = w-1-y, x
			}
			out.SetRGBA(x, y, flat.RGBAAt(fx, fy))
		}
	}
	return out
}
