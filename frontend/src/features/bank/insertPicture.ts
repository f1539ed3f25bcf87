/** Pictures into the text fields of an editor: by button, by pasting, by dropping. */
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, ok } from '@/api/client'

async function send(file: File): Promise<string> {
  const bodySerializer = () => {
    const data = new FormData()
    data.append('file', file)
    return data
  }
  const picture = await ok(api.POST('/api/v1/pictures', { body: { file: '' }, bodySerializer }))
  return `picture:${picture.hash}#${picture.width}x${picture.height}`
}

/** `failed` is told what went wrong. A picture goes where the cursor is, or last was. */
export function useInsertPicture(failed: (cause: unknown) => void) {
  const { t } = useI18n()
  const busy = ref(false)
  let last: HTMLTextAreaElement | null = null

  const fieldOf = (event: Event) => (event.target instanceof HTMLTextAreaElement ? event.target : null)
  const pictureIn = (files?: FileList | null) => [...(files ?? [])].find((file) => file.type.startsWith('image/'))

  async function insert(file: File | undefined, field: HTMLTextAreaElement | null) {
    if (!file || !field || busy.value) return
    // Whoever cannot see the picture reads these words, so there is no picture without them.
    const words = window.prompt(t('editor.pictureWords'))?.replace(/[[\]\n]/g, ' ').trim()
    if (!words) return
    busy.value = true
    try {
      const address = await send(file)
      field.setRangeText(`![${words}](${address})`, field.selectionStart, field.selectionEnd, 'end')
      field.dispatchEvent(new Event('input', { bubbles: true }))
      field.focus()
    } catch (cause) {
      failed(cause)
    } finally {
      busy.value = false
    }
  }

  return {
    busy,
    focused: (event: FocusEvent) => (last = fieldOf(event) ?? last),
    pasted(event: ClipboardEvent) {
      const file = pictureIn(event.clipboardData?.files)
      if (!file || !fieldOf(event)) return
      event.preventDefault()
      void insert(file, fieldOf(event))
    },
    dropped(event: DragEvent) {
      const file = pictureIn(event.dataTransfer?.files)
      if (!file) return
      event.preventDefault()
      void insert(file, fieldOf(event) ?? last)
    },
    chosen(event: Event, otherwise: HTMLTextAreaElement | null | undefined) {
      const input = event.target as HTMLInputElement
      void insert(input.files?.[0], last ?? otherwise ?? null)
      input.value = ''
    },
  }
}
