package seed

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"jingzhong/quiz"
)

// drawing is a pictogram of our own and the question that shows it.
type drawing struct {
	name, words string
	paint       func(*image.Paletted)
	stem        string
	topic       string
	options     []string // the first is right
	explanation string
}

// The colours of the drawings, by index.
const (
	paper uint8 = iota
	ink
	red
	sky
)

var colours = color.Palette{color.White, color.Gray{40}, color.RGBA{200, 30, 30, 255}, color.RGBA{150, 190, 230, 255}}

var drawings = []drawing{
	{name: "u盘.png", words: "一个U盘同时用线连着两台电脑，左边一台标着红色方块，右边一台连着地球", paint: paintStick,
		stem: "图中的U盘先插在红色标记的涉密计算机上，又插到连着互联网的计算机上。这样做：", topic: "信息系统与网络",
		options:     []string{"违反规定，U盘在两台机器之间交叉使用", "只要先杀毒就可以", "只拷出不拷入就可以", "文件设了密码就可以"},
		explanation: "存储介质不得在涉密信息系统与互联网之间交叉使用，杀毒和加密都不能代替。"},
	{name: "手机.png", words: "会议桌上放着文件，旁边有一部正在录音的手机", paint: paintPhone,
		stem: "涉密会议上，参会人员把图中的手机放在文件旁边。正确的做法是：", topic: "手机与社交媒体",
		options:     []string{"把手机留在会场外的存放柜里", "调成静音即可", "关机后放在桌上即可", "只用来拍自己的笔记"},
		explanation: "手机不带进涉密会议；静音、关机都不能代替存放。"},
}

func box(img *image.Paletted, x0, y0, x1, y1 int, c uint8) {
	draw.Draw(img, image.Rect(x0, y0, x1, y1), image.NewUniform(colours[c]), image.Point{}, draw.Src)
}

// frame is a box with an outline.
func frame(img *image.Paletted, x0, y0, x1, y1 int, inside uint8) {
	box(img, x0, y0, x1, y1, ink)
	box(img, x0+4, y0+4, x1-4, y1-4, inside)
}

func paintStick(img *image.Paletted) {
	for _, x := range []int{20, 360} {
		frame(img, x, 40, x+180, 160, sky)
		box(img, x+80, 160, x+100, 184, ink)
		box(img, x+40, 184, x+140, 192, ink)
	}
	box(img, 90, 80, 130, 120, red)
	for y := -34; y <= 34; y++ {
		for x := -34; x <= 34; x++ {
			if d := x*x + y*y; d <= 34*34 && (d >= 30*30 || x == 0 || y == 0) {
				img.SetColorIndex(450+x, 100+y, ink)
			}
		}
	}
	box(img, 108, 192, 112, 240, ink)
	box(img, 448, 192, 452, 240, ink)
	box(img, 108, 236, 452, 240, ink)
	frame(img, 240, 216, 320, 260, paper)
	frame(img, 316, 226, 340, 250, sky)
}

func paintPhone(img *image.Paletted) {
	box(img, 20, 210, 540, 226, ink)
	frame(img, 90, 60, 250, 210, paper)
	box(img, 110, 80, 190, 92, red)
	for y := 112; y < 190; y += 20 {
		box(img, 110, y, 230, y+6, ink)
	}
	frame(img, 350, 70, 430, 210, sky)
	box(img, 382, 120, 398, 150, red)
	box(img, 388, 150, 392, 164, red)
	box(img, 378, 164, 402, 168, red)
}

// addDrawings writes the questions that show a picture; they are for practice.
func (l *loader) addDrawings(ctx context.Context) error {
	l.at(-57, 10, 0)
	topics, err := l.topics(ctx)
	if err != nil {
		return err
	}
	for n, d := range drawings {
		img := image.NewPaletted(image.Rect(0, 0, 560, 280), colours)
		d.paint(img)
		var file bytes.Buffer
		if err := png.Encode(&file, img); err != nil {
			return fmt.Errorf("seed: draw: %w", err)
		}
		p, err := l.Bank.UploadPicture(ctx, l.trainer, d.name, file.Bytes())
		if err != nil {
			return err
		}
		in := quiz.QuestionInput{Kind: quiz.KindSingle, Stem: d.stem + "\n![" + d.words + "](picture:" + p.Hash + ")", Explanation: d.explanation,
			TopicID: topics.of(d.topic)[0], Use: quiz.UsePractice, Difficulty: quiz.DifficultyEasy, Tags: []string{"看图"}, Publish: true}
		for i := range d.options { // the right one not always in front
			k := (i + n + 1) % len(d.options)
			in.Options = append(in.Options, quiz.OptionInput{Text: d.options[k], Correct: k == 0})
		}
		if _, err := l.Bank.CreateQuestion(ctx, l.trainer, in); err != nil {
			return err
		}
	}
	return nil
}
