import { defineComponent, h, type PropType } from 'vue'
import { icons, type IconName, type Shape } from './paths'

function draw(shape: Shape) {
  if (typeof shape === 'string') return h('path', { d: shape })
  if ('r' in shape) {
    return h('circle', { cx: shape.cx, cy: shape.cy, r: shape.r, fill: shape.fill ? 'currentColor' : undefined })
  }
  return h('rect', { x: shape.x, y: shape.y, width: shape.w, height: shape.h, rx: shape.rx })
}

/** One icon of our set, hidden from assistive technology: the word beside it speaks. */
export default defineComponent({
  name: 'JzIcon',
  props: {
    name: { type: String as PropType<IconName>, required: true },
    size: { type: Number, default: 20 },
    stroke: { type: Number, default: 1.75 },
  },
  setup(props) {
    return () =>
      h(
        'svg',
        {
          width: props.size,
          height: props.size,
          viewBox: '0 0 24 24',
          fill: 'none',
          stroke: 'currentColor',
          'stroke-width': props.stroke,
          'stroke-linecap': 'round',
          'stroke-linejoin': 'round',
          'aria-hidden': 'true',
          focusable: 'false',
        },
        (icons[props.name] as Shape[]).map(draw),
      )
  },
})
