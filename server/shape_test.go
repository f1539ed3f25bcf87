package server

import (
	"reflect"

	"jingzhong/ranking"
)

var faceType = reflect.TypeFor[ranking.Face]()
