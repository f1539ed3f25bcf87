package exchange

import (
	"fmt"
	"strings"
)

// sentences are the Chinese sentences of the codes, {name} filled from the arguments. Other languages have
// theirs beside those of every other code.
var sentences = map[string]string{
	"file.empty":             "文件是空的",
	"file.too_large":         "文件超过 {most} MB",
	"file.format":            "认不出文件的格式，可以读取 Excel（.xlsx）、Word（.docx）、文本、Markdown、CSV、GIFT、Aiken、Moodle XML 和 QTI",
	"file.xls":               "这是旧版 .xls 文件或加了密码的文件，请在 Excel 或 WPS 中另存为 .xlsx（不设密码）后再导入",
	"file.doc":               "这是旧版 .doc 文件，请在 Word 或 WPS 中另存为 .docx 后再导入",
	"file.no_items":          "文件里没有找到题目",
	"file.xml":               "XML 写法有误（第 {line} 行）：{reason}",
	"file.macro":             "文件带有宏，请另存为不带宏的 .xlsx 后再导入",
	"file.broken":            "文件已损坏，无法读取（{part}）",
	"file.bomb":              "文件展开后过大，已拒绝（{part}）",
	"file.entities":          "文件含有不允许的 XML 声明（{part}）",
	"file.encoding":          "无法识别文件的文字编码，请另存为 UTF-8 的 CSV",
	"file.rows":              "题目超过 {most} 行，请分成几个文件",
	"file.no_header":         "没有找到表头：前 20 行里要有“题干”和“答案”两列",
	"file.no_rows":           "表头下面没有题目",
	"sheet.no_header":        "工作表“{sheet}”的前 20 行没有表头，未读取",
	"sheet.notes":            "工作表“{sheet}”是说明，未读取",
	"sheet.hidden":           "工作表“{sheet}”是隐藏的，未读取",
	"sheet.many":             "工作表超过 {most} 个，其余未读取",
	"column.unread":          "不认识的列“{column}”，未读取",
	"row.malformed":          "这一行的引号不成对，无法分列",
	"item.stem_missing":      "没有题干",
	"item.kind_unknown":      "不认识的题型“{kind}”",
	"item.kind_unclear":      "看不出是哪种题型，请填写题型列",
	"item.unsupported":       "不支持的题型“{kind}”，未读取",
	"item.pairs_few":         "连线题至少要有两对",
	"item.pair_unreadable":   "读不懂连线“{pair}”，应写作 左|右",
	"item.order_unreadable":  "读不懂顺序“{answer}”，应写出每个选项的字母各一次",
	"item.weights":           "选项权重“{value}”应给每个选项一个 -100 到 100 的数",
	"item.options_many":      "选项超过 {most} 个",
	"item.group_empty":       "材料下面没有题目",
	"item.group_alone":       "题组“{group}”没有材料行（题型写“案例”），按普通题目读取",
	"item.group_nested":      "材料题里不能再有材料题",
	"item.tolerance":         "数值题的误差范围“{range}”没有保留，只接受写出的答案",
	"item.feedback_lost":     "选项的反馈没有保留：{text}",
	"item.picture_missing":   "图片“{name}”不在文件里",
	"item.picture_many":      "图片超过 {most} 个，其余未读取",
	"item.picture_large":     "图片“{name}”超过 {most} MB，未读取",
	"item.partial_lost":      "只得部分分的答案“{answer}”（{percent}%）没有保留",
	"item.wildcard":          "答案“{answer}”里的 * 只当作普通字符",
	"item.detail_lost":       "“{name}”没有保留：{text}",
	"item.hidden":            "这一题在来源里是隐藏的",
	"item.option_space":      "选项 {option} 的字母后面没有空格",
	"item.stem_joined":       "题干有 {count} 行，已合在一起",
	"item.not_question":      "这一段不是题目，未读取",
	"item.answer_partial":    "只得部分分的答案没有保留：{text}",
	"item.media_lost":        "音频或视频“{name}”没有保留",
	"package.part_missing":   "清单或试卷里的“{part}”不在文件里",
	"package.part_unread":    "“{part}”里没有题目，未读取",
	"package.parts_unread":   "另有 {count} 个文件里没有题目，未读取",
	"package.twice":          "“{part}”和“{other}”是同一份题目，只读取后者",
	"package.unlisted":       "清单没有列出“{part}”，仍已读取",
	"item.malformed":         "这一题的写法不完整：{reason}",
	"text.orphan":            "这段文字不属于任何题目，未读取",
	"text.key_unmatched":     "答案列表里的第 {number} 题没有对应的题目",
	"text.marked_key":        "答案只用颜色、加粗或下划线标出，请核对后填写答案",
	"item.options_few":       "选项少于两个",
	"item.option_gap":        "选项 {option} 是空的，后面还有选项",
	"item.answer_missing":    "没有答案",
	"item.answer_unreadable": "读不懂答案“{answer}”",
	"item.answer_beyond":     "答案 {option} 没有对应的选项",
	"item.answer_many":       "单选题只能有一个答案，这里有 {count} 个",
	"item.blanks_mismatch":   "题干有 {gaps} 个空，答案有 {blanks} 个",
	"item.points":            "分值“{value}”不是 0 到 1000 的数",
	"item.difficulty":        "难度“{value}”应写易、中、难，1 到 5，或 0 到 1 之间的小数",
	"item.paragraph":         "款“{value}”应是 1 到 99 的数",
	"item.use":               "用途“{value}”应写练习、竞赛或通用",
	"item.fixed":             "固定选项“{value}”应写选项的字母",
	"item.text_control":      "含有不可见的控制字符",
	"item.text_lost":         "有文字无法识别（编码错误）",
	"item.blank_added":       "题干没有空格标记，已在末尾加上 ____",
	"item.kind_guessed":      "没有写题型，按“{kind}”读取",
	"item.answer_ab":         "判断题答案写作 {answer}，按 A 正确、B 错误读取",
	"item.option_fixed":      "选项“{option}”牵涉其他选项，打乱时保持原位",
}

// Codes lists every code that a Problem or an Error of this package may carry.
func Codes() []string {
	codes := make([]string, 0, len(sentences))
	for code := range sentences {
		codes = append(codes, code)
	}
	return codes
}

func sentence(code string, args map[string]any) string {
	text, ok := sentences[code]
	if !ok {
		return code
	}
	for name, value := range args {
		text = strings.ReplaceAll(text, "{"+name+"}", fmt.Sprint(value))
	}
	return text
}

func problem(field Field, code string, args ...any) Problem {
	m := pairs(args)
	return Problem{Field: field, Code: code, Args: m, Message: sentence(code, m)}
}
