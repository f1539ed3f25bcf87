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
	"file.format":            "只能读取 .xlsx 和 .csv 文件",
	"file.xls":               "这是旧版 .xls 文件或加了密码的文件，请在 Excel 或 WPS 中另存为 .xlsx（不设密码）后再导入",
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
	"item.unsupported":       "暂不支持的题型“{kind}”",
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
